import type { RequestView } from "../../api/types";
import { Text, useText } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { useTimes } from "../../time/useTimes";

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
          <strong>{duration}</strong>{" "}
          {request.window === null ? (
            <Pending request={request} />
          ) : (
            <Text id="grant.until" values={{ end: <Moment at={request.window.expires_at} /> }} />
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

/** Before activation: from when, and until when if it is approved at this moment. */
function Pending({ request }: { request: RequestView }) {
  const text = useText();
  if (request.start !== null)
    return <Text id="grant.from" values={{ start: <Moment at={request.start} /> }} />;
  const end = request.expires_at_if_now;
  if (end === null) return <Text id="grant.from" values={{ start: text("grant.onceApproved") }} />;
  return <Text id="grant.untilIfNow" values={{ end: <Moment at={end} /> }} />;
}
