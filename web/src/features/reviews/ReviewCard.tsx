import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { RequestView } from "../../api/types";
import { RouteLink } from "../../app/links";
import { useIsPhone } from "../../app/useIsPhone";
import { Text, useText } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { Quote } from "../requests/Quote";
import { AccountLabel } from "../requests/Target";
import { Ticket } from "../requests/Ticket";
import { useActWithFlash } from "../requests/useActWithFlash";
import { ApproveButton } from "./ApproveButton";
import { Grant } from "./Grant";
import { RequirementList } from "./RequirementList";
import type { Decision } from "./useBulkReview";
import { WaitsForOthers } from "./WaitsForOthers";

interface Props {
  request: RequestView;
  selected: boolean;
  onSelect: (selected: boolean) => void;
  selectable: boolean;
  busy: boolean;
  onAsk: (decision: Decision) => void;
}

/** One request to decide: everything needed for the decision, then the decision. */
export function ReviewCard({ request, selected, onSelect, selectable, busy, onAsk }: Props) {
  const text = useText();
  const phone = useIsPhone();
  const needed = request.waits_for_caller;
  const act = useActWithFlash();
  const what = {
    requester: request.requester.display_name,
    permissionSet: request.permission_set.name,
    account: request.account.name,
  };
  return (
    <article className="review" aria-label={text("review.label", what)}>
      <div className="review-head">
        <h2 className="review-title">
          <Text id="review.title" values={what} />
        </h2>
        {selectable && (
          <Checkbox
            checked={selected}
            ariaLabel={text("review.select", what)}
            onChange={({ detail }) => onSelect(detail.checked)}
          />
        )}
      </div>
      <AccountLabel account={request.account} />
      <Grant request={request} />
      {request.justification !== null && <Quote>{request.justification}</Quote>}
      {request.ticket !== null && (
        <div className="row-quiet">
          <Text id="review.ticket" values={{ ticket: <Ticket ticket={request.ticket} /> }} />
        </div>
      )}
      <RequirementList request={request} />
      {!needed && <WaitsForOthers request={request} />}
      <div className="review-foot">
        <div className="review-buttons">
          {request.actions.includes("approve") && (
            <ApproveButton
              label={text("action.approve")}
              ariaLabel={text("review.approveThis", what)}
              primary={needed}
              busy={act.busy || busy}
              fullWidth={phone}
              onApprove={() => void act.press({ id: request.id, action: "approve" })}
              onComment={() => onAsk("approve")}
            />
          )}
          {request.actions.includes("deny") && (
            <Button
              fullWidth={phone}
              disabled={act.busy || busy}
              ariaLabel={text("review.denyThis", what)}
              onClick={() => onAsk("deny")}
            >
              {text("action.deny")}
            </Button>
          )}
        </div>
        <SpaceBetween size="s" direction="horizontal">
          <span className="row-quiet">
            <Text
              id="review.asked"
              values={{ at: <Moment at={request.submitted_at} />, lapses: <Moment at={request.lapses_at} /> }}
            />
          </span>
          <RouteLink href={`/requests/${request.id}`} ariaLabel={text("review.detailsOf", what)}>
            {text("action.details")}
          </RouteLink>
        </SpaceBetween>
      </div>
    </article>
  );
}
