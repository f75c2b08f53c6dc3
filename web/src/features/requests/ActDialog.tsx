import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

import type { RequestAction, RequestView } from "../../api/types";
import { useText, type MessageId } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";
import { useActWithFlash } from "./useActWithFlash";

type Asked = Exclude<RequestAction, "approve">;

interface Wording {
  title: MessageId;
  body: MessageId;
  confirm: MessageId;
  comment: boolean;
}

const WORDING: Record<Asked, Wording> = {
  deny: { title: "deny.title", body: "deny.body", confirm: "action.deny", comment: true },
  withdraw: { title: "withdraw.title", body: "withdraw.body", confirm: "action.withdraw", comment: false },
  revoke: { title: "revoke.title", body: "revoke.body", confirm: "action.endNow", comment: true },
};

/** Asks once before something is taken away, with room for a word of explanation. */
export function ActDialog({
  request,
  action,
  onClose,
}: {
  request: RequestView;
  action: Asked;
  onClose: () => void;
}) {
  const text = useText();
  const times = useTimes();
  const { run, busy } = useActWithFlash();
  const [comment, setComment] = useState("");
  const wording = WORDING[action];
  const values = {
    permissionSet: request.permission_set.name,
    account: request.account.name,
    requester: request.requester.display_name,
    session: times.duration(request.permission_set.session_duration_minutes),
  };
  const confirm = async () => {
    await run({ id: request.id, action, comment });
    onClose();
  };
  return (
    <Modal
      visible
      header={text(wording.title, values)}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {text("action.cancel")}
            </Button>
            <Button variant="primary" loading={busy} onClick={() => void confirm()}>
              {text(wording.confirm)}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Box>{text(wording.body, values)}</Box>
        {wording.comment && (
          <FormField label={text("comment.label")} description={text("comment.hint")} stretch>
            <Textarea value={comment} rows={3} onChange={({ detail }) => setComment(detail.value)} />
          </FormField>
        )}
      </SpaceBetween>
    </Modal>
  );
}
