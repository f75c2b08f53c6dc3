import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

import type { RequestAction, RequestView } from "../../api/types";
import { Text, useText, type MessageId } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { useTimes } from "../../time/useTimes";
import { keptUntil, useOtherGrants } from "./otherGrants";
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

interface Props {
  request: RequestView;
  action: Asked;
  onClose: () => void;
}

/** Asks once before something is taken away, with room for a word of explanation. */
export function ActDialog(props: Props) {
  return props.action === "revoke" ? <EndDialog {...props} /> : <PlainDialog {...props} others={[]} />;
}

/** Ending one of several grants of the same access takes nothing away, which is said before. */
function EndDialog(props: Props) {
  const { others } = useOtherGrants(props.request);
  return <PlainDialog {...props} others={others} />;
}

/** The other grants that keep the access are nothing while they are not known. */
function PlainDialog({ request, action, onClose, others }: Props & { others: RequestView[] | undefined }) {
  const text = useText();
  const times = useTimes();
  const { run, busy } = useActWithFlash();
  const [comment, setComment] = useState("");
  const [together, setTogether] = useState(false);
  const wording = WORDING[action];
  const kept = keptUntil(others ?? []);
  const all = others !== undefined && others.every(({ actions }) => actions.includes("revoke"));
  const values = {
    permissionSet: request.permission_set.name,
    account: request.account.name,
    requester: request.requester.display_name,
    session: times.duration(request.permission_set.session_duration_minutes),
  };
  const confirm = async () => {
    const also = together ? (others ?? []) : [];
    const ended = await Promise.all(also.map(({ id }) => run({ id, action, comment })));
    const stillKept = together && ended.every(Boolean) ? null : kept;
    await run({ id: request.id, action, comment }, { keptUntil: stillKept });
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
            <Button
              variant="primary"
              loading={busy}
              disabled={others === undefined}
              onClick={() => void confirm()}
            >
              {text(wording.confirm)}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {kept !== null && (
          <Alert type="warning" header={<Text id="revoke.kept" values={{ until: <Moment at={kept} /> }} />}>
            <SpaceBetween size="xs">
              <div>{text("revoke.keptHint")}</div>
              {all && (
                <Checkbox checked={together} onChange={({ detail }) => setTogether(detail.checked)}>
                  {text("revoke.together")}
                </Checkbox>
              )}
            </SpaceBetween>
          </Alert>
        )}
        {(kept === null || together) && <Box>{text(wording.body, values)}</Box>}
        {wording.comment && (
          <FormField label={text("comment.label")} description={text("comment.hint")} stretch>
            <Textarea value={comment} rows={3} onChange={({ detail }) => setComment(detail.value)} />
          </FormField>
        )}
      </SpaceBetween>
    </Modal>
  );
}
