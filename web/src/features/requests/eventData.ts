import type { Reason, RequestOutcome } from "../../api/types";

export interface EventFields {
  decision?: "approve" | "deny";
  comment?: string;
  approvedBy?: string;
  expiresAt?: string;
  outcome?: RequestOutcome;
  openSessionsUntil?: string;
  reason?: Reason;
}

const OUTCOMES: RequestOutcome[] = ["denied", "withdrawn", "lapsed", "failed", "expired", "revoked"];

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const recordOf = (value: unknown) =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/**
 * What the timeline shows of an event's data. Events are stored for ever and their data grows with
 * time, so this takes what it knows and passes over the rest.
 */
export function fieldsOf(data: Record<string, unknown>): EventFields {
  const fields: EventFields = {};
  const decision = textOf(data.decision);
  if (decision === "approve" || decision === "deny") fields.decision = decision;
  const comment = textOf(data.comment);
  if (comment !== undefined) fields.comment = comment;
  const approvedBy = textOf(recordOf(data.approval).by);
  if (approvedBy !== undefined) fields.approvedBy = approvedBy;
  const expiresAt = textOf(data.expires_at);
  if (expiresAt !== undefined) fields.expiresAt = expiresAt;
  const openSessionsUntil = textOf(data.open_sessions_until);
  if (openSessionsUntil !== undefined) fields.openSessionsUntil = openSessionsUntil;
  const outcome = OUTCOMES.find((known) => known === data.outcome);
  if (outcome !== undefined) fields.outcome = outcome;
  const reason = recordOf(data.reason);
  if (typeof reason.code === "string") fields.reason = reasonOf(reason, reason.code);
  return fields;
}

function reasonOf(reason: Record<string, unknown>, code: string): Reason {
  return { code, sentence: textOf(reason.sentence) ?? code, parameters: recordOf(reason.parameters) };
}
