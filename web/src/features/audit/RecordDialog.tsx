import Modal from "@cloudscape-design/components/modal";

import type { AuditRecord } from "../../api/types";
import { useText } from "../../i18n/useText";
import { isReadable } from "./records";

/** One record as it is stored, with the hash of the one before it. */
export function RecordDialog({ record, onClose }: { record: AuditRecord; onClose: () => void }) {
  const text = useText();
  return (
    <Modal
      visible
      size="large"
      header={
        isReadable(record)
          ? `${record.kind} · ${record.stream} #${record.sequence}`
          : text("audit.unreadable")
      }
      onDismiss={onClose}
    >
      <pre className="json" role="group" tabIndex={0} aria-label={text("audit.data")}>
        {isReadable(record) ? JSON.stringify(record, null, 2) : record.unreadable}
      </pre>
    </Modal>
  );
}
