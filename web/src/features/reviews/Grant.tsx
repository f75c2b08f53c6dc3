import type { RequestView } from "../../api/types";
import { Text, useText } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { useServerNow } from "../../time/serverClock";
import { useTimes } from "../../time/useTimes";
import { startAhead } from "../requests/start";

/** Exactly what an approval gives: to whom, what, where, until when, and how long sessions may stay. */
export function Grant({ request }: { request: RequestView }) {
  const text = useText();
  const times = useTimes();
  const duration = times.duration(request.duration_minutes);
  const session = times.duration(request.permission_set.session_duration_minutes);
  return (
    <dl className="grant">
      <div>
        <dt>{text("grant.for")}</dt>
        <dd>
          {request.window === null ? (
            <Pending request={request} duration={duration} />
          ) : (
            <Text
              id="grant.until"
              values={{ duration, end: <ZonedMoment at={request.window.expires_at} /> }}
            />
          )}
        </dd>
      </div>
      <div>
        <dt>{text("grant.sessions")}</dt>
        <dd>
          {request.open_sessions_until === null ? (
            <Text id="grant.sessionsFor" values={{ duration: session }} />
          ) : (
            <Text
              id="grant.sessionsUntil"
              values={{ until: <Moment at={request.open_sessions_until} />, duration: session }}
            />
          )}
        </dd>
      </div>
      {request.joined_window !== null && (
        <div>
          <dt>{text("grant.joined")}</dt>
          <dd>
            <Text
              id="grant.joinedWindow"
              values={{
                start: <Moment at={request.joined_window.starts_at} />,
                end: <Moment at={request.joined_window.expires_at} />,
              }}
            />
          </dd>
        </div>
      )}
    </dl>
  );
}

/** With the time zone beside it: by this an approval is decided. */
function ZonedMoment({ at }: { at: string }) {
  const times = useTimes();
  return (
    <>
      <Moment at={at} /> <span className="zone">{times.zone(at)}</span>
    </>
  );
}

/** Before activation: until when, by what is known now; from when, only while that lies ahead. */
function Pending({ request, duration }: { request: RequestView; duration: string }) {
  const start = startAhead(request, useServerNow());
  if (request.expires_at_if_now === null) return <strong>{duration}</strong>;
  const end = <ZonedMoment at={request.expires_at_if_now} />;
  if (start !== null)
    return <Text id="grant.fromUntil" values={{ duration, start: <Moment at={start} />, end }} />;
  const outlook = request.state === "pending" ? "grant.untilIfNow" : "grant.untilIfBegins";
  return <Text id={outlook} values={{ duration, end }} />;
}
