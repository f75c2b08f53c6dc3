import Button from "@cloudscape-design/components/button";

import type { RequestView } from "../../api/types";
import { RouteButton, RouteLink } from "../../app/links";
import { useText } from "../../i18n/useText";
import { useConsoleUrl } from "../access/consoleUrl";
import { askAgain, useIsMine } from "./queries";
import { StateBadge } from "./StateBadge";
import { Summary } from "./Summary";
import { AccountLabel } from "./Target";

/** One request in a list: what, where, how it stands, and the one thing to do with it. */
export function RequestRow({ request, requester }: { request: RequestView; requester?: boolean }) {
  return (
    <li className="row">
      <div className="row-main">
        <div className="row-title">
          <RouteLink href={`/requests/${request.id}`} fontSize="heading-s">
            {request.permission_set.name}
          </RouteLink>
          {requester === true && <span className="row-person">{request.requester.display_name}</span>}
        </div>
        <AccountLabel account={request.account} />
        <div className="row-quiet">
          <Summary request={request} />
        </div>
        {request.justification !== null && (
          <div className="row-why" dir="auto">
            {request.justification}
          </div>
        )}
      </div>
      <div className="row-side">
        <StateBadge request={request} />
        <RowAction request={request} />
      </div>
    </li>
  );
}

function RowAction({ request }: { request: RequestView }) {
  const text = useText();
  const mine = useIsMine(request);
  const consoleUrl = useConsoleUrl(request);
  const named = (label: string) => `${label}: ${request.permission_set.name}, ${request.account.name}`;
  if (consoleUrl !== null) {
    return (
      <Button
        variant="primary"
        href={consoleUrl}
        target="_blank"
        iconName="external"
        iconAlign="right"
        ariaLabel={named(text("action.openConsole"))}
      >
        {text("action.openConsole")}
      </Button>
    );
  }
  if (!mine || request.state !== "closed") return null;
  return (
    <RouteButton href={askAgain(request)} ariaLabel={named(text("action.askAgain"))}>
      {text("action.askAgain")}
    </RouteButton>
  );
}
