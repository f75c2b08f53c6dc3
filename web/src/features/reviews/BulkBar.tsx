import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { useText } from "../../i18n/useText";
import { ApproveButton } from "./ApproveButton";
import type { Bulk, Decision } from "./useBulkReview";

interface Props {
  bulk: Bulk;
  total: number;
  onAsk: (decision: Decision) => void;
}

/** Several at once: which, and what becomes of them. */
export function BulkBar({ bulk, total, onAsk }: Props) {
  const text = useText();
  const count = bulk.selected.length;
  const [approved, denied] = [bulk.permitted("approve").length, bulk.permitted("deny").length];
  return (
    <div className="bulk">
      <Checkbox
        checked={count === total}
        indeterminate={count > 0 && count < total}
        onChange={({ detail }) => bulk.selectAll(detail.checked)}
      >
        {count === 0 ? text("bulk.selectAll") : text("bulk.selected", { count })}
      </Checkbox>
      <SpaceBetween size="xs" direction="horizontal">
        {approved > 0 && (
          <ApproveButton
            label={text("bulk.approve", { count: approved })}
            primary
            busy={bulk.busy}
            onApprove={() => void bulk.press("approve")}
            onComment={() => onAsk("approve")}
          />
        )}
        {denied > 0 && (
          <Button disabled={bulk.busy} onClick={() => onAsk("deny")}>
            {text("bulk.deny", { count: denied })}
          </Button>
        )}
      </SpaceBetween>
    </div>
  );
}
