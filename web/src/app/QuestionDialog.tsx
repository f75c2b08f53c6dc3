import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";

import { useText } from "../i18n/useText";

interface Props {
  title: string;
  confirm: string;
  /** Instead of *Cancel*. */
  cancel?: string;
  /** Whether what was confirmed is on its way. */
  pending?: boolean;
  disabled?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Asks once before something is done. */
export function QuestionDialog({ title, confirm, pending = false, onClose, ...props }: Props) {
  const text = useText();
  // What is on its way is no longer cancelled, and its answer shall find a reader.
  const close = () => (pending ? undefined : onClose());
  return (
    <Modal
      visible
      header={title}
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" disabled={pending} onClick={close}>
              {props.cancel ?? text("action.cancel")}
            </Button>
            <Button
              variant="primary"
              loading={pending}
              disabled={props.disabled ?? false}
              onClick={props.onConfirm}
            >
              {confirm}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">{props.children}</SpaceBetween>
    </Modal>
  );
}
