import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { RequestView } from "../../api/types";
import { useReasonText } from "../../i18n/useReasonText";
import { useText } from "../../i18n/useText";
import { AccessWindow } from "../access/AccessWindow";
import { CliSnippet } from "../access/CliSnippet";
import { Grant } from "../reviews/Grant";
import { RequirementList } from "../reviews/RequirementList";
import { Closing } from "./Closing";
import { NoLongerAllowedNote } from "./NoLongerAllowed";
import { Quote } from "./Quote";
import { StateBadge } from "./StateBadge";
import { Summary } from "./Summary";

/** Where the request stands at this moment. Changes are read out. */
export function Now({ request }: { request: RequestView }) {
  const text = useText();
  const reasonText = useReasonText();
  return (
    <Container>
      <SpaceBetween size="m">
        <div className="now-line">
          <div role="status">
            <StateBadge request={request} />
          </div>
          {request.state !== "active" && (
            <Box color="text-body-secondary">
              <Summary request={request} />
            </Box>
          )}
        </div>
        {(request.state === "pending" || request.state === "approved") && <Grant request={request} />}
        {request.state === "pending" && <RequirementList requirements={request.requirements} />}
        {request.state === "active" && <AccessWindow request={request} />}
        <NoLongerAllowedNote request={request} />
        {request.console_url !== null && <CliSnippet request={request} heading="h2" />}
        {request.removal?.blocked && (
          <Alert type="error" header={text("removal.blocked")}>
            {reasonText(request.removal.blocked)}
          </Alert>
        )}
        {request.removal?.overdue === true && request.removal.blocked === null && (
          <Alert type="warning" header={text("removal.overdue")}>
            {text("removal.overdueHint")}
          </Alert>
        )}
        {request.reason !== null && <Alert type="info">{reasonText(request.reason)}</Alert>}
        {request.outcome === "denied" &&
          request.reviews.map(
            ({ decision, comment, reviewer }) =>
              decision === "deny" &&
              comment !== null && (
                <div key={reviewer.id}>
                  <Box color="text-body-secondary">{reviewer.display_name}</Box>
                  <Quote>{comment}</Quote>
                </div>
              ),
          )}
        {request.state === "closed" && (
          <Closing evidence={request.evidence} openSessionsUntil={request.open_sessions_until} />
        )}
      </SpaceBetween>
    </Container>
  );
}
