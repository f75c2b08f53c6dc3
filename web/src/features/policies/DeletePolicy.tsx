import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { AnyPolicy, PolicyKind, Versioned } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { useText } from "../../i18n/useText";
import { useChangePolicy } from "./queries";

export function DeletePolicy({
  kind,
  before,
  onClose,
}: {
  kind: PolicyKind;
  before: Versioned<AnyPolicy>;
  onClose: () => void;
}) {
  const text = useText();
  const change = useChangePolicy(kind);
  return (
    <Modal
      visible
      header={text("policies.deleteTitle", { name: before.policy.name })}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween size="xs" direction="horizontal">
            <Button variant="link" onClick={onClose}>
              {text("action.cancel")}
            </Button>
            <Button
              variant="primary"
              loading={change.isPending}
              onClick={() => change.mutate({ type: "delete", before }, { onSuccess: onClose })}
            >
              {text("action.delete")}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Box>{text("policies.deleteHint")}</Box>
        {change.isError && <ErrorNote error={change.error} />}
      </SpaceBetween>
    </Modal>
  );
}
