import * as api from "../../api/endpoints";
import type { AuditRecord } from "../../api/types";
import { queryOf, type AuditFilter } from "./filter";
import { isReadable } from "./records";

/** No file has more, so that no browser runs out of memory; narrower filters give the rest. */
export const MOST_RECORDS = 20_000;

interface Found {
  records: AuditRecord[];
  complete: boolean;
}

/** Every record that matches, newest first, page by page. */
export async function allRecords(filter: AuditFilter): Promise<Found> {
  const records: AuditRecord[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof api.audit>> = await api.audit({
      ...queryOf(filter),
      limit: 200,
      cursor,
    });
    records.push(...page.items);
    cursor = page.next;
  } while (cursor !== null && records.length < MOST_RECORDS);
  return { records, complete: cursor === null };
}

export const jsonLines = (records: AuditRecord[]): string =>
  records.map((record) => (isReadable(record) ? JSON.stringify(record) : record.unreadable) + "\n").join("");
