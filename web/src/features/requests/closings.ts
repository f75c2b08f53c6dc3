import type { Evidence, RequestOutcome, RequestView } from "../../api/types";
import type { MessageId } from "../../i18n/useText";
import { endsEarly } from "./early";

/** How the end of access is known, in a sentence. */
export const EVIDENCE_TEXT: Record<Evidence["kind"], MessageId> = {
  "observed-gone": "event.evidence.gone",
  "held-by-another": "event.evidence.held",
  "pre-existing": "event.evidence.preExisting",
  "proven-absent": "event.evidence.proven",
};

const CLOSED_TEXT: Record<RequestOutcome, MessageId> = {
  denied: "event.closed.denied",
  withdrawn: "event.closed.withdrawn",
  lapsed: "event.closed.lapsed",
  failed: "event.closed.failed",
  expired: "event.closed.expired",
  revoked: "event.closed.revoked",
};

type Closing = Pick<RequestView, "evidence" | "access_stays">;

/** What is said of a closing: nothing is called gone that stays, and nothing ended that never began. */
export function closedText(outcome: RequestOutcome, { evidence, access_stays: stays }: Closing): MessageId {
  if (stays) return "event.closed.stays";
  return outcome === "revoked" && evidence === null ? "event.closed.notBegun" : CLOSED_TEXT[outcome];
}

/** Whether a request that was ended closed at once: there was no access yet to take away. */
export const endedUnbegun = ({ state, window }: Pick<RequestView, "state" | "window">): boolean =>
  state === "closed" && window === null;

/** What is said, beside the outcome, of a request that closed before it gave any access. */
const NO_ACCESS_TEXT: Record<RequestOutcome, MessageId> = {
  denied: "summary.noAccess",
  withdrawn: "summary.noAccess",
  lapsed: "summary.lapsed",
  failed: "summary.noAccess",
  expired: "summary.noAccess",
  revoked: "summary.revoked",
};

type Closed = Pick<
  RequestView,
  "outcome" | "window" | "activated_at" | "ended_at" | "closed_at" | "state" | "open_sessions_until"
>;

/** How a closed request is told in a line: `at` is when it closed without access, or when access ended. */
export type ClosedSummary = { text: MessageId; at: string | null } | { early: true };

/**
 * Access that was had ended with its window or before; that it was seen gone a few minutes later is
 * how it is known, and no part of it.
 */
export function closedSummary(request: Closed): ClosedSummary {
  const { window, outcome } = request;
  const failed = outcome === "failed" && request.activated_at === null;
  if (window === null || failed) {
    return { text: NO_ACCESS_TEXT[outcome ?? "expired"], at: request.closed_at };
  }
  return endsEarly(request) ? { early: true } : { text: "summary.closed", at: window.expires_at };
}
