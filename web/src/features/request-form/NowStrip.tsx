import Button from "@cloudscape-design/components/button";

import type { RequestView } from "../../api/types";
import { RouteButton, RouteLink } from "../../app/links";
import { useText } from "../../i18n/useText";
import { Countdown } from "../../time/Countdown";
import { useConsoleUrl } from "../access/consoleUrl";
import { useRequests } from "../requests/queries";
import { useWaitingForMe } from "../reviews/useToReview";
import { StateBadge } from "../requests/StateBadge";

const SHOWN = 3;

/** What is going on right now, above the form: the ways in, and what waits for a review. */
export function NowStrip() {
  const text = useText();
  const { items = [] } = useRequests({ scope: "active", mine: true });
  const toReview = useWaitingForMe();
  if (items.length === 0 && toReview === 0) return null;
  return (
    <section className="strip" aria-label={text("strip.label")}>
      {toReview > 0 && (
        <div className="strip-item strip-review">
          <span className="strip-text">{text("strip.toReview", { count: toReview })}</span>
          <RouteButton href="/review">{text("strip.review")}</RouteButton>
        </div>
      )}
      {items.slice(0, SHOWN).map((request) => (
        <div className="strip-item" key={request.id}>
          <div className="strip-text">
            <RouteLink href={`/requests/${request.id}`}>{request.permission_set.name}</RouteLink>
            <span className="row-quiet"> {request.account.name}</span>
          </div>
          {request.state === "active" && request.window !== null ? (
            <Countdown until={request.window.expires_at} />
          ) : (
            <StateBadge request={request} />
          )}
          <ConsoleButton request={request} />
        </div>
      ))}
      {items.length > SHOWN && (
        <RouteLink href="/active">{text("strip.more", { count: items.length - SHOWN })}</RouteLink>
      )}
    </section>
  );
}

function ConsoleButton({ request }: { request: RequestView }) {
  const text = useText();
  const url = useConsoleUrl(request);
  if (url === null) return null;
  return (
    <Button
      href={url}
      target="_blank"
      iconName="external"
      iconAlign="right"
      ariaLabel={`${text("action.openConsole")}: ${request.permission_set.name}, ${request.account.name}`}
    >
      {text("action.openConsole")}
    </Button>
  );
}
