import type { RequestView } from "../../api/types";
import { Text, useText } from "../../i18n/useText";
import { Countdown } from "../../time/Countdown";
import { elapsedShare } from "../../time/duration";
import { Moment } from "../../time/Moment";
import { useServerNow } from "../../time/serverClock";

/** The window as a bar that runs out, with the time left in large figures. */
export function AccessWindow({ request }: { request: RequestView }) {
  const { window } = request;
  if (window === null) return null;
  return (
    <div className="window">
      <Countdown until={window.expires_at} large />
      <WindowBar startsAt={window.starts_at} expiresAt={window.expires_at} />
      <div className="window-ends">
        <span>
          <Text id="window.until" values={{ end: <Moment at={window.expires_at} /> }} />
        </span>
        {request.open_sessions_until !== null && (
          <span>
            <Text id="window.sessions" values={{ until: <Moment at={request.open_sessions_until} /> }} />
          </span>
        )}
      </div>
    </div>
  );
}

export function WindowBar({ startsAt, expiresAt }: { startsAt: string; expiresAt: string }) {
  const text = useText();
  const now = useServerNow();
  const share = elapsedShare(Date.parse(startsAt), Date.parse(expiresAt), now);
  const left = Math.round((1 - share) * 100);
  return (
    <div
      className={share > 0.9 ? "bar bar-soon" : "bar"}
      role="meter"
      aria-label={text("window.share")}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={left}
    >
      <div className="bar-left" style={{ width: `${(1 - share) * 100}%` }} />
    </div>
  );
}
