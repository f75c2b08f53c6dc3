import type { StepsProps } from "@cloudscape-design/components/steps";
import type { ReactNode } from "react";

import type {
  ActorView,
  EventKind,
  RequestDetail,
  RequestOutcome,
  RequestState,
  SystemReason,
  TimelineEntry,
} from "../../api/types";
import { useReasonText } from "../../i18n/useReasonText";
import { Text, useText, type MessageId } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { useTimes } from "../../time/useTimes";
import { fieldsOf, type EndCause, type Evidence } from "./eventData";
import { Quote } from "./Quote";

export interface Told {
  status: StepsProps.Status;
  sentence: ReactNode;
  details?: ReactNode;
}

export const SYSTEM_TEXT: Record<SystemReason, MessageId> = {
  clock: "system.clock",
  policy: "system.policy",
  directory: "system.directory",
  "identity-center": "system.identityCenter",
  reconciler: "system.reconciler",
  setup: "system.setup",
};

const CLOSED_TEXT: Record<RequestOutcome, MessageId> = {
  denied: "event.closed.denied",
  withdrawn: "event.closed.withdrawn",
  lapsed: "event.closed.lapsed",
  failed: "event.closed.failed",
  expired: "event.closed.expired",
  revoked: "event.closed.revoked",
};

const CLOSED_STATUS: Record<RequestOutcome, StepsProps.Status> = {
  denied: "error",
  withdrawn: "stopped",
  lapsed: "stopped",
  failed: "error",
  expired: "success",
  revoked: "success",
};

const END_TEXT: Record<EndCause, MessageId> = {
  expired: "event.endStarted.expired",
  revoked: "event.endStarted",
  "activation-failed": "event.endStarted.failed",
  "removed-out-of-band": "event.endStarted.outOfBand",
  "requester-disabled": "event.endStarted.disabled",
};

const EVIDENCE_TEXT: Record<Evidence, MessageId> = {
  "observed-gone": "event.evidence.gone",
  "held-by-another": "event.evidence.held",
  "pre-existing": "event.evidence.preExisting",
  "proven-absent": "event.evidence.proven",
};

const NEXT: Record<RequestState, { text: MessageId; status: StepsProps.Status } | undefined> = {
  pending: { text: "next.pending", status: "pending" },
  approved: { text: "next.approved", status: "pending" },
  activating: { text: "next.activating", status: "in-progress" },
  active: { text: "next.active", status: "pending" },
  ending: { text: "next.ending", status: "in-progress" },
  closed: undefined,
};

/** Turns recorded events into sentences. Every kind has one, in each language. */
export function useTimelineEntry() {
  const text = useText();
  const times = useTimes();
  const reasonText = useReasonText();
  const name = (actor: ActorView) =>
    actor.type === "user" ? actor.display_name : text(SYSTEM_TEXT[actor.reason]);

  const tell: Record<EventKind, (entry: TimelineEntry, request: RequestDetail) => Told> = {
    requested: (entry, request) => ({
      status: "info",
      sentence: (
        <Text
          id="event.requested"
          values={{ name: name(entry.actor), duration: times.duration(request.duration_minutes) }}
        />
      ),
    }),
    reviewed: (entry) => {
      const { decision, comment } = fieldsOf(entry.data);
      const denied = decision === "deny";
      return {
        status: denied ? "error" : "success",
        sentence: (
          <Text id={denied ? "event.denied" : "event.approvedBy"} values={{ name: name(entry.actor) }} />
        ),
        details: comment !== undefined && <Quote>{comment}</Quote>,
      };
    },
    approved: (entry) => ({
      status: "success",
      sentence: text(
        fieldsOf(entry.data).approvedBy === "policy" ? "event.approvedByPolicy" : "event.approvedByAll",
      ),
    }),
    "activation-started": (entry) => {
      const { expiresAt } = fieldsOf(entry.data);
      return {
        status: "info",
        sentence: text("event.activationStarted"),
        details: expiresAt !== undefined && (
          <Text id="event.endFixed" values={{ end: <Moment at={expiresAt} /> }} />
        ),
      };
    },
    activated: () => ({ status: "success", sentence: text("event.activated") }),
    "expiry-warned": () => ({ status: "info", sentence: text("event.expiryWarned") }),
    "revocation-requested": (entry) => {
      const { comment } = fieldsOf(entry.data);
      return {
        status: "warning",
        sentence: <Text id="event.revocationRequested" values={{ name: name(entry.actor) }} />,
        details: comment !== undefined && <Quote>{comment}</Quote>,
      };
    },
    "end-started": (entry) => ({
      status: "info",
      sentence: text(END_TEXT[fieldsOf(entry.data).cause ?? "revoked"]),
    }),
    "end-blocked": (entry) => {
      const { reason } = fieldsOf(entry.data);
      return { status: "error", sentence: text("event.endBlocked"), details: reason && reasonText(reason) };
    },
    "removal-overdue": () => ({ status: "warning", sentence: text("event.removalOverdue") }),
    closed: (entry, request) => {
      const data = fieldsOf(entry.data);
      const outcome = data.outcome ?? request.outcome ?? "expired";
      return {
        status: CLOSED_STATUS[outcome],
        sentence: text(CLOSED_TEXT[outcome]),
        details: (
          <>
            {data.reason && <div>{reasonText(data.reason)}</div>}
            {data.evidence && <div>{text(EVIDENCE_TEXT[data.evidence])}</div>}
            {data.openSessionsUntil !== undefined && (
              <Text id="closed.sessions" values={{ until: <Moment at={data.openSessionsUntil} /> }} />
            )}
          </>
        ),
      };
    },
  };

  return {
    /** An event of a kind newer than this portal is shown by its name: nothing is left out. */
    describe: (entry: TimelineEntry, request: RequestDetail): Told =>
      entry.kind in tell ? tell[entry.kind](entry, request) : { status: "info", sentence: entry.kind },
    next: (request: RequestDetail): StepsProps.Step | undefined => {
      const coming = NEXT[request.state];
      if (coming === undefined) return undefined;
      const { expires_at: end } = request.window ?? { expires_at: undefined };
      return {
        status: coming.status,
        statusIconAriaLabel: coming.status,
        header: text(coming.text),
        ...(request.state === "active" && end !== undefined
          ? { details: <Text id="event.endFixed" values={{ end: <Moment at={end} /> }} /> }
          : {}),
      };
    },
  };
}
