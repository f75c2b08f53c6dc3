import type { RequestView } from "../../api/types";
import { RouteLink } from "../../app/links";
import { useText } from "../../i18n/useText";
import { Countdown } from "../../time/Countdown";
import { WindowBar } from "../access/AccessWindow";
import { useRequests } from "../requests/queries";
import { StateBadge } from "../requests/StateBadge";

const SHOWN = 6;

/** My accesses, so that one sees them come and end whatever is going wrong. */
export function Watch() {
  const text = useText();
  const { items = [] } = useRequests({ scope: "mine" });
  const isAccess = ({ state, window }: RequestView) =>
    window !== null || !["pending", "closed"].includes(state);
  const shown = items.filter(isAccess).slice(0, SHOWN);
  if (shown.length === 0) return <p className="stage-quiet">{text("theatre.noAccess")}</p>;
  return (
    <ul className="watch" aria-label={text("theatre.watch")}>
      {shown.map((request) => (
        <Watched key={request.id} request={request} />
      ))}
    </ul>
  );
}

function Watched({ request }: { request: RequestView }) {
  const running = request.state === "active" && request.window !== null;
  return (
    <li className={`watched watched-${request.state}`}>
      <div className="watched-head">
        <RouteLink href={`/requests/${request.id}`}>{request.permission_set.name}</RouteLink>
        <span className="stage-quiet">{request.account.name}</span>
        <span className="watched-state">
          {running && request.window !== null ? (
            <Countdown until={request.window.expires_at} />
          ) : (
            <StateBadge request={request} />
          )}
        </span>
      </div>
      {running && request.window !== null && (
        <WindowBar startsAt={request.window.starts_at} expiresAt={request.window.expires_at} />
      )}
    </li>
  );
}
