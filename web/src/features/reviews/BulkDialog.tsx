import { useState } from "react";

import { useText } from "../../i18n/useText";
import { ConfirmDialog } from "../requests/ConfirmDialog";
import type { Bulk } from "./useBulkReview";

/** Asks once before the selected requests are denied. What fails is left to be sent again. */
export function BulkDialog({ bulk, onClose }: { bulk: Bulk; onClose: () => void }) {
  const text = useText();
  const [left, setLeft] = useState(() => bulk.permitted("deny"));
  const title = text("bulk.deny", { count: left.length });
  const confirm = async (comment: string) => {
    const failed = await bulk.decide("deny", left, comment);
    if (failed.length > 0) setLeft(failed.map(({ request }) => request));
    return failed;
  };
  return <ConfirmDialog title={title} confirm={title} comment onConfirm={confirm} onClose={onClose} />;
}
