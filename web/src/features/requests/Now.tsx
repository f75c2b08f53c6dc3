import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { RequestView } from "../../api/types";
import { useReasonText } from "../../i18n/useReasonText";
import { AccessWindow } from "../access/AccessWindow";
import { CliSnippet } from "../access/CliSnippet";
import { Grant } from "../reviews/Grant";
import { RequirementList } from "../reviews/RequirementList";
import { WaitsForOthers } from "../reviews/WaitsForOthers";
import { Closing } from "./Closing";
import { NoLongerAllowedNote } from "./NoLongerAllowed";
import { Quote } from "./Quote";
import { isInTrouble, RemovalTrouble } from "./RemovalTrouble";
import { StateBadge } from "./StateBadge";
import { Summary } from "./Summary";

/** Where the request stands at this moment. Changes are read out. */
export function Now({ request }: { request: RequestView }) {
  const reasonText = useReasonText();
  const reviews = request.actions.includes("approve") || request.actions.includes("deny");
  return (
    <Container>
      <SpaceBetween size="m">
        <RemovalTrouble request={request} />
        <div className="now-line">
          <div role="status">
            <StateBadge request={request} />
          </div>
          {request.state !== "active" && !isInTrouble(request.removal) && (
            <Box color="text-body-secondary">
              <Summary request={request} />
            </Box>
          )}
        </div>
        {(request.state === "pending" || request.state === "approved") && <Grant request={request} />}
        {request.state === "pending" && <RequirementList request={request} />}
        {reviews && !request.waits_for_caller && <WaitsForOthers request={request} />}
        {request.state === "active" && <AccessWindow request={request} />}
        <NoLongerAllowedNote request={request} />
        {request.console_url !== null && <CliSnippet request={request} heading="h2" />}
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
        {request.state === "closed" && <Closing request={request} />}
      </SpaceBetween>
    </Container>
  );
}
