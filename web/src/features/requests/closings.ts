import type { Evidence, RequestOutcome } from "../../api/types";
import type { MessageId } from "../../i18n/useText";

/** How the end of access is known, in a sentence. */
export const EVIDENCE_TEXT: Record<Evidence["kind"], MessageId> = {
  "observed-gone": "event.evidence.gone",
  "held-by-another": "event.evidence.held",
  "pre-existing": "event.evidence.preExisting",
  "proven-absent": "event.evidence.proven",
};

/** Whether the access goes on although the request is closed, so that new sessions can be opened. */
const STAYS: Record<Evidence["kind"], boolean> = {
  "observed-gone": false,
  "held-by-another": true,
  "pre-existing": true,
  "proven-absent": false,
};

const CLOSED_TEXT: Record<RequestOutcome, MessageId> = {
  denied: "event.closed.denied",
  withdrawn: "event.closed.withdrawn",
  lapsed: "event.closed.lapsed",
  failed: "event.closed.failed",
  expired: "event.closed.expired",
  revoked: "event.closed.revoked",
};

export const stays = (evidence: Evidence | null): boolean => evidence !== null && STAYS[evidence.kind];

/** What is said of a closing: nothing is called gone that stays. */
export const closedText = (outcome: RequestOutcome, evidence: Evidence | null): MessageId =>
  stays(evidence) ? "event.closed.stays" : CLOSED_TEXT[outcome];
