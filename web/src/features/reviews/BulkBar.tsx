import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

import { useText } from "../../i18n/useText";
import type { useBulkReview } from "./useBulkReview";

type Bulk = ReturnType<typeof useBulkReview>;

export function BulkBar({ bulk, total }: { bulk: Bulk; total: number }) {
  const text = useText();
  const [denying, setDenying] = useState(false);
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
        {denied > 0 && (
          <Button disabled={bulk.busy} onClick={() => setDenying(true)}>
            {text("bulk.deny", { count: denied })}
          </Button>
        )}
        {approved > 0 && (
          <Button variant="primary" loading={bulk.busy} onClick={() => void bulk.decide("approve")}>
            {text("bulk.approve", { count: approved })}
          </Button>
        )}
      </SpaceBetween>
      {denying && <DenyAll bulk={bulk} onClose={() => setDenying(false)} />}
    </div>
  );
}

function DenyAll({ bulk, onClose }: { bulk: Bulk; onClose: () => void }) {
  const text = useText();
  const [comment, setComment] = useState("");
  const count = bulk.permitted("deny").length;
  const confirm = async () => {
    await bulk.decide("deny", comment);
    onClose();
  };
  return (
    <Modal
      visible
      header={text("bulk.deny", { count })}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {text("action.cancel")}
            </Button>
            <Button variant="primary" loading={bulk.busy} onClick={() => void confirm()}>
              {text("bulk.deny", { count })}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <FormField label={text("comment.label")} description={text("comment.hint")} stretch>
        <Textarea value={comment} rows={3} onChange={({ detail }) => setComment(detail.value)} />
      </FormField>
    </Modal>
  );
}
