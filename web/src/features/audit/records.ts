import type { AuditRecord, ReadableRecord } from "../../api/types";

/** Whether the API could read a record; of any other it gives the stored bytes. */
export const isReadable = (record: AuditRecord): record is ReadableRecord => !("unreadable" in record);

/** What tells a record from the others on a page; one that cannot be read may not know its place. */
export const keyOf = (record: AuditRecord): string =>
  isReadable(record) ? `${record.stream}/${record.sequence}` : record.unreadable;
