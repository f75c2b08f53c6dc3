import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import type { RequestAction, RequestView } from "../../api/types";
import { Text, useText, type MessageId } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { useTimes } from "../../time/useTimes";
import { ConfirmDialog } from "./ConfirmDialog";
import { onEach } from "./onEach";
import { keptUntil, useOtherGrants } from "./otherGrants";
import { useActWithFlash } from "./useActWithFlash";

interface Wording {
  title: MessageId;
  body: MessageId;
  confirm: MessageId;
  comment: boolean;
}

const WORDING: Record<RequestAction, Wording> = {
  approve: { title: "approve.title", body: "approve.body", confirm: "action.approve", comment: true },
  deny: { title: "deny.title", body: "deny.body", confirm: "action.deny", comment: true },
  withdraw: { title: "withdraw.title", body: "withdraw.body", confirm: "action.withdraw", comment: false },
  revoke: { title: "revoke.title", body: "revoke.body", confirm: "action.endNow", comment: true },
};

interface Props {
  request: RequestView;
  action: RequestAction;
  onClose: () => void;
}

/** Asks once before something is done with a request. */
export function ActDialog(props: Props) {
  return props.action === "revoke" ? <EndDialog {...props} /> : <PlainDialog {...props} others={[]} />;
}

/** Ending one of several grants of the same access takes nothing away, which is said before. */
function EndDialog(props: Props) {
  const { others, live } = useOtherGrants(props.request);
  return <PlainDialog {...props} request={live ?? props.request} others={others} />;
}

/** The other grants that keep the access are nothing while they are not known. */
function PlainDialog({ request, action, onClose, others }: Props & { others: RequestView[] | undefined }) {
  const text = useText();
  const times = useTimes();
  const { act } = useActWithFlash();
  const [together, setTogether] = useState(false);
  const wording = WORDING[action];
  // Approved access that has not begun is not there to be removed; that of the other grants is.
  const unbegun = action === "revoke" && request.state === "approved" && !together;
  const kept = keptUntil(others ?? []);
  const all = others !== undefined && others.every(({ actions }) => actions.includes("revoke"));
  const values = {
    permissionSet: request.permission_set.name,
    account: request.account.name,
    requester: request.requester.display_name,
    session: times.duration(request.permission_set.session_duration_minutes),
  };
  // What is already ended may be ended again: a repeat is no error.
  const confirm = async (comment: string) => {
    const endOthers = () => onEach(together ? (others ?? []) : [], ({ id }) => act({ id, action, comment }));
    const endOwn = (keptUntil: string | null) =>
      onEach([request], ({ id }) => act({ id, action, comment }, { keptUntil }));
    // What is said last stays: that access is taken away, rather than that some had not begun.
    if (together && request.state === "approved") {
      const own = await endOwn(null);
      return [...own.failed, ...(await endOthers()).failed];
    }
    const also = await endOthers();
    const own = await endOwn(together && also.failed.length === 0 ? null : kept);
    return [...also.failed, ...own.failed];
  };
  return (
    <ConfirmDialog
      title={text(wording.title, values)}
      confirm={text(wording.confirm)}
      comment={wording.comment}
      disabled={others === undefined}
      onConfirm={confirm}
      onClose={onClose}
    >
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
      {(kept === null || together) && <Box>{text(unbegun ? "revoke.notBegun" : wording.body, values)}</Box>}
    </ConfirmDialog>
  );
}
