import type { Reason, RequestOutcome } from "../../api/types";

export type EndCause =
  "expired" | "revoked" | "activation-failed" | "removed-out-of-band" | "requester-disabled";
export type Evidence = "observed-gone" | "held-by-another" | "pre-existing" | "proven-absent";

export interface EventFields {
  decision?: "approve" | "deny" | undefined;
  comment?: string | undefined;
  approvedBy?: string | undefined;
  expiresAt?: string | undefined;
  cause?: EndCause | undefined;
  outcome?: RequestOutcome | undefined;
  evidence?: Evidence | undefined;
  openSessionsUntil?: string | undefined;
  reason?: Reason | undefined;
}

const OUTCOMES: RequestOutcome[] = ["denied", "withdrawn", "lapsed", "failed", "expired", "revoked"];
const CAUSES: EndCause[] = [
  "expired",
  "revoked",
  "activation-failed",
  "removed-out-of-band",
  "requester-disabled",
];
const EVIDENCE: Evidence[] = ["observed-gone", "held-by-another", "pre-existing", "proven-absent"];

type Data = Record<string, unknown>;

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const recordOf = (value: unknown): Data =>
  typeof value === "object" && value !== null ? (value as Data) : {};
const kindOf = (value: unknown) => textOf(value) ?? textOf(recordOf(value).kind);

/**
 * What the timeline shows of an event's data. Events are stored for ever and their data grows with
 * time, so this takes what it knows and passes over the rest.
 */
export function fieldsOf(data: Data): EventFields {
  const review = { ...data, ...recordOf(data.review) };
  const window = { ...data, ...recordOf(data.window) };
  const cause = kindOf(data.cause);
  const evidence = kindOf(data.evidence);
  return {
    decision: review.decision === "approve" || review.decision === "deny" ? review.decision : undefined,
    comment: textOf(review.comment),
    approvedBy: textOf(recordOf(data.approval).by),
    expiresAt: textOf(window.expires_at),
    cause: CAUSES.find((known) => known === cause),
    outcome: OUTCOMES.find((known) => known === data.outcome),
    evidence: EVIDENCE.find((known) => known === evidence),
    openSessionsUntil: textOf(data.open_sessions_until),
    reason: reasonOf(recordOf(data.reason)),
  };
}

function reasonOf(reason: Data): Reason | undefined {
  const code = textOf(reason.code);
  if (code === undefined) return undefined;
  return {
    code,
    sentence: textOf(reason.sentence) ?? code,
    parameters: { ...reason, ...recordOf(reason.parameters) },
  };
}
