import { useState } from "react";

import { useText, type MessageId } from "../../i18n/useText";
import { ConfirmDialog } from "../requests/ConfirmDialog";
import type { Bulk, Decision } from "./useBulkReview";

interface Props {
  bulk: Bulk;
  decision: Decision;
  onClose: () => void;
}

const TITLE: Record<Decision, MessageId> = { approve: "bulk.approve", deny: "bulk.deny" };

/** Asks once before the selected requests are decided. What fails is left to be sent again. */
export function BulkDialog({ bulk, decision, onClose }: Props) {
  const text = useText();
  const [left, setLeft] = useState(() => bulk.permitted(decision));
  const title = text(TITLE[decision], { count: left.length });
  const confirm = async (comment: string) => {
    const failed = await bulk.decide(decision, left, comment);
    if (failed.length > 0) setLeft(failed.map(({ request }) => request));
    return failed;
  };
  return <ConfirmDialog title={title} confirm={title} comment onConfirm={confirm} onClose={onClose} />;
}
