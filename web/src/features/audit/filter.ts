import type { Query } from "../../api/http";

export interface AuditFilter {
  kind: string;
  /** A person's user id. */
  actor: string;
  stream: string;
  /** Days as `YYYY-MM-DD`, in the reader's time zone; both are included. */
  from: string;
  to: string;
}

export const EMPTY_FILTER: AuditFilter = { kind: "", actor: "", stream: "", from: "", to: "" };

function instantOf(day: string, plusDays: number): string | undefined {
  const at = new Date(`${day}T00:00`);
  if (Number.isNaN(at.getTime())) return undefined;
  at.setDate(at.getDate() + plusDays);
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}

/** The API's own filters: instants, from included, to excluded. */
export function queryOf({ kind, actor, stream, from, to }: AuditFilter): Query {
  return { kind: kind.trim(), actor, stream: stream.trim(), from: instantOf(from, 0), to: instantOf(to, 1) };
}
