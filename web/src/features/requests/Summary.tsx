import type { RequestView } from "../../api/types";
import { Text, useText } from "../../i18n/useText";
import { Countdown } from "../../time/Countdown";
import { Moment } from "../../time/Moment";
import { useServerNow } from "../../time/serverClock";
import { useTimes } from "../../time/useTimes";
import { startAhead } from "./start";

/** The one line that matters now: how long still, since when, or what comes next. */
export function Summary({ request }: { request: RequestView }) {
  const text = useText();
  const times = useTimes();
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
      return <>{text(request.removal?.blocked ? "summary.blocked" : "summary.ending")}</>;
    case "closed":
      return (
        <Text
          id="summary.closed"
          values={{
            duration: times.duration(request.duration_minutes),
            at: <Moment at={request.closed_at ?? request.submitted_at} />,
          }}
        />
      );
  }
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
