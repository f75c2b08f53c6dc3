import { useState } from "react";

import { Text, useText, type MessageId } from "../../i18n/useText";
import { ConfirmDialog } from "../requests/ConfirmDialog";
import type { Bulk, Decision } from "./useBulkReview";

interface Props {
  bulk: Bulk;
  decision: Decision;
  onClose: () => void;
}

const TITLE: Record<Decision, MessageId> = { approve: "bulk.approveTitle", deny: "bulk.denyTitle" };
const CONFIRM: Record<Decision, MessageId> = { approve: "bulk.approve", deny: "bulk.deny" };

/** Asks once before the selected requests are decided. What fails is left to be sent again. */
export function BulkDialog({ bulk, decision, onClose }: Props) {
  const text = useText();
  const [left, setLeft] = useState(() => bulk.permitted(decision));
  const confirm = async (comment: string) => {
    const failed = await bulk.decide(decision, left, comment);
    if (failed.length > 0) setLeft(failed.map(({ request }) => request));
    return failed;
  };
  const count = left.length;
  return (
    <ConfirmDialog
      title={text(TITLE[decision], { count })}
      confirm={text(CONFIRM[decision], { count })}
      comment
      onConfirm={confirm}
      onClose={onClose}
    >
      <ul className="asked" aria-label={text("bulk.requests")}>
        {left.map(({ id, requester, permission_set, account }) => (
          <li key={id}>
            <Text
              id="review.title"
              values={{
                requester: requester.display_name,
                permissionSet: permission_set.name,
                account: account.name,
              }}
            />
          </li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}
