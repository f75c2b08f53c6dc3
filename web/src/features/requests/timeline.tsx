import type { StepsProps } from "@cloudscape-design/components/steps";
import type { ReactNode } from "react";

import type {
  ActorView,
  EndCause,
  Happening,
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
import { closedText, EVIDENCE_TEXT } from "./closings";
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
  revocation: "system.revocation",
  channel: "system.channel",
  setup: "system.setup",
  operator: "system.operator",
};

const CLOSED_STATUS: Record<RequestOutcome, StepsProps.Status> = {
  denied: "error",
  withdrawn: "stopped",
  lapsed: "stopped",
  failed: "error",
  expired: "success",
  revoked: "success",
};

const END_TEXT: Record<EndCause["kind"], MessageId> = {
  expired: "event.endStarted.expired",
  revoked: "event.endStarted",
  "activation-failed": "event.endStarted.failed",
  "removed-out-of-band": "event.endStarted.outOfBand",
  "requester-disabled": "event.endStarted.disabled",
  drained: "event.endStarted.drained",
};

const NEXT: Record<RequestState, { text: MessageId; status: StepsProps.Status } | undefined> = {
  pending: { text: "next.pending", status: "pending" },
  approved: { text: "next.approved", status: "pending" },
  activating: { text: "next.activating", status: "in-progress" },
  active: { text: "next.active", status: "pending" },
  ending: { text: "next.ending", status: "in-progress" },
  closed: undefined,
};

/** Where a removal is blocked, nothing is seen gone any time soon. */
const BLOCKED = { text: "next.blocked", status: "warning" } as const;
const OVERDUE = { text: "next.overdue", status: "warning" } as const;

function comingUp({ removal, state }: RequestDetail) {
  if (removal?.blocked) return BLOCKED;
  return removal?.overdue ? OVERDUE : NEXT[state];
}

type DataOf<Kind extends Happening["kind"]> = Extract<Happening, { kind: Kind }>["data"];

/** What came later and lets an earlier event be told as it was. */
export interface Course {
  /** It ended before the end that was fixed. */
  early: boolean;
  /** It ended, and the access stays all the same. */
  kept: boolean;
}

/** For every kind of event how it is told. */
type Tellers = {
  [Kind in Happening["kind"]]: (data: DataOf<Kind>, name: ReactNode, course: Course) => Told;
};

/** Turns recorded events into sentences. Every kind has one, in each language. */
export function useTimelineEntry() {
  const text = useText();
  const tellers = useTellers();
  const name = (actor: ActorView) =>
    actor.type === "user" ? actor.display_name : text(SYSTEM_TEXT[actor.reason]);
  /** An event of a kind newer than this portal is shown by its name: nothing is left out. */
  const describe = (entry: TimelineEntry, course: Course): Told => {
    if (!(entry.kind in tellers)) return { status: "info", sentence: entry.kind };
    const tell = tellers[entry.kind] as (
      data: TimelineEntry["data"],
      name: ReactNode,
      course: Course,
    ) => Told;
    return tell(entry.data, name(entry.actor), course);
  };
  return { describe, next: useNext() };
}

function useTellers(): Tellers {
  const text = useText();
  const times = useTimes();
  const reasonText = useReasonText();
  return {
    requested: ({ duration_minutes }, name) => ({
      status: "info",
      sentence: <Text id="event.requested" values={{ name, duration: times.duration(duration_minutes) }} />,
    }),
    reviewed: ({ decision, comment }, name) => ({
      status: decision === "deny" ? "error" : "success",
      sentence: <Text id={decision === "deny" ? "event.denied" : "event.approvedBy"} values={{ name }} />,
      details: comment !== null && <Quote>{comment}</Quote>,
    }),
    approved: ({ approval }) => ({
      status: "success",
      sentence: text(approval.by === "policy" ? "event.approvedByPolicy" : "event.approvedByAll"),
    }),
    "activation-started": ({ expires_at }, _, { early }) => ({
      status: "info",
      sentence: text("event.activationStarted"),
      details: (
        <Text
          id={early ? "event.endWasFixed" : "event.endFixed"}
          values={{ end: <Moment at={expires_at} /> }}
        />
      ),
    }),
    activated: () => ({ status: "success", sentence: text("event.activated") }),
    "expiry-warned": () => ({ status: "info", sentence: text("event.expiryWarned") }),
    "revocation-requested": ({ comment }, name) => ({
      status: "warning",
      sentence: <Text id="event.revocationRequested" values={{ name }} />,
      details: comment !== null && <Quote>{comment}</Quote>,
    }),
    "end-started": ({ cause }, _, { kept }) => ({
      status: "info",
      sentence: text(kept && cause.kind === "revoked" ? "event.endStarted.kept" : END_TEXT[cause.kind]),
    }),
    "end-blocked": ({ reason }) => ({
      status: "error",
      sentence: text("event.endBlocked"),
      details: reasonText(reason),
    }),
    "removal-overdue": () => ({ status: "warning", sentence: text("event.removalOverdue") }),
    closed: ({ outcome, reason, evidence, access_stays, open_sessions_until: until }) => ({
      status: CLOSED_STATUS[outcome],
      sentence: text(closedText(outcome, { evidence, access_stays })),
      details: (
        <>
          {reason !== null && <div>{reasonText(reason)}</div>}
          {evidence !== null && <div>{text(EVIDENCE_TEXT[evidence.kind])}</div>}
          {until !== null && <Text id="closed.sessions" values={{ until: <Moment at={until} /> }} />}
        </>
      ),
    }),
  };
}

/** What is still to come, if anything is. */
function useNext(): (request: RequestDetail) => StepsProps.Step | undefined {
  const text = useText();
  return (request) => {
    const coming = comingUp(request);
    if (coming === undefined) return undefined;
    const end = request.state === "active" ? request.window?.expires_at : undefined;
    return {
      status: coming.status,
      statusIconAriaLabel: coming.status,
      header: text(coming.text),
      ...(end === undefined
        ? {}
        : { details: <Text id="event.endFixed" values={{ end: <Moment at={end} /> }} /> }),
    };
  };
}
