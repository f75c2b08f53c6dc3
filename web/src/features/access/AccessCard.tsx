import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { RequestView } from "../../api/types";
import { RouteLink } from "../../app/links";
import { useText } from "../../i18n/useText";
import { NoLongerAllowedBadge } from "../requests/NoLongerAllowed";
import { isInTrouble, RemovalTrouble } from "../requests/RemovalTrouble";
import { StateBadge } from "../requests/StateBadge";
import { Summary } from "../requests/Summary";
import { AccountLabel } from "../requests/Target";
import { AccessWindow } from "./AccessWindow";
import { CliSnippet } from "./CliSnippet";
import { useConsoleUrl } from "./consoleUrl";

interface Props {
  request: RequestView;
  requester: boolean;
  onEnd: () => void;
}

/** One access that is, comes or goes: how long still, and the way in. */
export function AccessCard({ request, requester, onEnd }: Props) {
  const text = useText();
  const consoleUrl = useConsoleUrl(request);
  // Before access begins the requester withdraws it, on its own page.
  const begun = request.actions.includes("revoke") && !request.actions.includes("withdraw");
  const what = {
    permissionSet: request.permission_set.name,
    account: request.account.name,
    requester: request.requester.display_name,
  };
  return (
    <article className="card" aria-label={text("access.label", what)}>
      <div className="card-head">
        <div>
          <h2 className="card-title">
            <RouteLink href={`/requests/${request.id}`} fontSize="heading-m">
              {request.permission_set.name}
            </RouteLink>
          </h2>
          <AccountLabel account={request.account} />
          {requester && <div className="row-quiet">{request.requester.display_name}</div>}
        </div>
        <StateBadge request={request} />
      </div>
      {request.state === "active" ? (
        <AccessWindow request={request} />
      ) : (
        !isInTrouble(request.removal) && (
          <div className="row-quiet">
            <Summary request={request} />
          </div>
        )
      )}
      <RemovalTrouble request={request} />
      <NoLongerAllowedBadge request={request} />
      {request.console_url !== null && <CliSnippet request={request} heading="h3" />}
      {(consoleUrl !== null || begun) && (
        <div className="card-foot">
          <SpaceBetween size="xs" direction="horizontal">
            {consoleUrl !== null && (
              <Button
                variant="primary"
                href={consoleUrl}
                target="_blank"
                iconName="external"
                iconAlign="right"
                ariaLabel={text("access.openConsole", what)}
              >
                {text("action.openConsole")}
              </Button>
            )}
            {begun && (
              <Button ariaLabel={text("access.endNow", what)} onClick={onEnd}>
                {text("action.endNow")}
              </Button>
            )}
          </SpaceBetween>
        </div>
      )}
    </article>
  );
}
