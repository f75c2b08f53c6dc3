import type { RequestView } from "../../api/types";
import { Text, useText } from "../../i18n/useText";
import { Countdown } from "../../time/Countdown";
import { Moment } from "../../time/Moment";
import { useServerNow } from "../../time/serverClock";
import { useTimes } from "../../time/useTimes";
import { closedSummary } from "./closings";
import { endsEarly } from "./early";
import { startAhead } from "./start";

/** The one line that matters now: how long still, since when, or what comes next. */
export function Summary({ request }: { request: RequestView }) {
  const text = useText();
  const { window, state } = request;
  switch (state) {
    case "pending":
      return <Pending request={request} />;
    case "approved":
      return <Approved request={request} />;
    case "activating":
      return <>{text("summary.activating")}</>;
    case "active":
      return window === null ? null : (
        <Text
          id="summary.active"
          values={{ left: <Countdown until={window.expires_at} />, end: <Moment at={window.expires_at} /> }}
        />
      );
    case "ending":
      return <Ending request={request} />;
    case "closed":
      return <Closed request={request} />;
  }
}

function Closed({ request }: { request: RequestView }) {
  const times = useTimes();
  const told = closedSummary(request);
  if ("early" in told) return <EndedEarly request={request} />;
  const values = {
    duration: times.duration(request.duration_minutes),
    at: <Moment at={told.at ?? request.submitted_at} />,
  };
  return <Text id={told.text} values={values} />;
}

function Ending({ request }: { request: RequestView }) {
  const text = useText();
  if (request.removal?.blocked) return <>{text("summary.blocked")}</>;
  if (request.removal?.overdue) return <>{text("summary.overdue")}</>;
  const ending = text("summary.ending");
  if (!endsEarly(request)) return <>{ending}</>;
  return <Text id="list.sentences" values={{ first: <EndedEarly request={request} />, next: ending }} />;
}

/** The end that was fixed holds no longer, and is told as what it was. */
function EndedEarly({ request: { window, ended_at: ended } }: { request: RequestView }) {
  if (window === null || ended === null) return null;
  const values = { was: <Moment at={window.expires_at} />, ended: <Moment at={ended} /> };
  return <Text id="summary.endedEarly" values={values} />;
}

function Approved({ request }: { request: RequestView }) {
  const text = useText();
  const start = startAhead(request, useServerNow());
  if (start === null) return <>{text("summary.approved")}</>;
  return <Text id="summary.approvedLater" values={{ start: <Moment at={start} /> }} />;
}

function Pending({ request }: { request: RequestView }) {
  const times = useTimes();
  const start = startAhead(request, useServerNow());
  const values = {
    duration: times.duration(request.duration_minutes),
    lapses: <Moment at={request.lapses_at} />,
  };
  if (start === null) return <Text id="summary.pending" values={values} />;
  return <Text id="summary.pendingLater" values={{ ...values, start: <Moment at={start} /> }} />;
}
