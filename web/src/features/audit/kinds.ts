import type { AuditRecord } from "../../api/types";
import type { MessageId } from "../../i18n/useText";
import { isReadable } from "./records";

/** What each kind of event is called; a test names what is missing. Newer kinds go by their code. */
export const KIND_TEXT: Partial<Record<string, MessageId>> = {
  requested: "kind.requested",
  reviewed: "kind.reviewed",
  approved: "kind.approved",
  "activation-started": "kind.activationStarted",
  activated: "kind.activated",
  "expiry-warned": "kind.expiryWarned",
  "revocation-requested": "kind.revocationRequested",
  "end-started": "kind.endStarted",
  "end-blocked": "kind.endBlocked",
  "removal-overdue": "kind.removalOverdue",
  closed: "kind.closed",
  "holder-joined": "kind.holderJoined",
  "holder-left": "kind.holderLeft",
  "creation-started": "kind.creationStarted",
  "creation-accepted": "kind.creationAccepted",
  "creation-failed": "kind.creationFailed",
  "presence-observed": "kind.presenceObserved",
  "found-present": "kind.foundPresent",
  "vanishing-observed": "kind.vanishingObserved",
  "removal-started": "kind.removalStarted",
  "removal-accepted": "kind.removalAccepted",
  "removal-failed": "kind.removalFailed",
  "absence-observed": "kind.absenceObserved",
  "absence-confirmed": "kind.absenceConfirmed",
  "absence-proven": "kind.absenceProven",
  "watch-ended": "kind.watchEnded",
  "trouble-noted": "kind.troubleNoted",
  released: "kind.released",
  "drift-found": "kind.driftFound",
  "drift-gone": "kind.driftGone",
  "policy-created": "kind.policyCreated",
  "policy-changed": "kind.policyChanged",
  "policy-deleted": "kind.policyDeleted",
  "settings-changed": "kind.settingsChanged",
  "finding-noted": "kind.findingNoted",
  "finding-gone": "kind.findingGone",
  undeliverable: "kind.undeliverable",
  linked: "kind.linked",
  unlinked: "kind.unlinked",
  "attempt-refused": "kind.attemptRefused",
  "more-not-recorded": "kind.moreNotRecorded",
};

const REVIEWED_TEXT: Partial<Record<string, MessageId>> = {
  approve: "kind.reviewed.approve",
  deny: "kind.reviewed.deny",
};

const CLOSED_TEXT: Partial<Record<string, MessageId>> = {
  denied: "kind.closed.denied",
  withdrawn: "kind.closed.withdrawn",
  lapsed: "kind.closed.lapsed",
  failed: "kind.closed.failed",
  expired: "kind.closed.expired",
  revoked: "kind.closed.revoked",
};

/** What a record is called by what was decided or how it came out, as far as it can be read. */
function outcomeTextOf(record: AuditRecord): MessageId | undefined {
  if (!isReadable(record)) return undefined;
  const data = record.data as { review?: { decision?: string }; outcome?: string } | null;
  if (record.kind === "reviewed") return REVIEWED_TEXT[data?.review?.decision ?? ""];
  return record.kind === "closed" ? CLOSED_TEXT[data?.outcome ?? ""] : undefined;
}

/** What a record is called: of a review also whether it was an approval, of a closing also the outcome. */
export const kindTextOf = (record: AuditRecord): MessageId | undefined =>
  outcomeTextOf(record) ?? KIND_TEXT[record.kind];

/** The streams by how their names begin. */
export const STREAM_TEXT: Record<string, MessageId> = {
  request: "audit.requests",
  assignment: "audit.assignments",
  policies: "audit.policies",
  findings: "audit.findings",
  channels: "audit.channels",
  attempts: "audit.attempts",
};
