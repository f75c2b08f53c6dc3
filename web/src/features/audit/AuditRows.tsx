import type { AuditRecord } from "../../api/types";
import { useText } from "../../i18n/useText";
import type { AuditColumn } from "./columns";
import { keyOf } from "./records";

/** Records on a phone, where a table has no room: one below the other. */
export function AuditRows({ records, columns }: { records: AuditRecord[]; columns: AuditColumn[] }) {
  const text = useText();
  return (
    <ul className="rows" aria-label={text("audit.events")}>
      {records.map((record) => (
        <li key={keyOf(record)} className="audit-row">
          {columns.map((column) => (
            <div key={column.id} className={`audit-${column.id ?? ""}`}>
              {column.cell(record)}
            </div>
          ))}
        </li>
      ))}
    </ul>
  );
}
