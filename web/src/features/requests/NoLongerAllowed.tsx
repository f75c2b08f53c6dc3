import Alert from "@cloudscape-design/components/alert";
import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { Reason, RequestView } from "../../api/types";
import { useReasonTextOfOthers } from "../../i18n/useReasonTextOfOthers";
import { useText } from "../../i18n/useText";

type Shown = Pick<RequestView, "no_longer_allowed" | "state">;

/** On a card: that the policies of now would not allow it, and why. The API tells only who sees all. */
export function NoLongerAllowedBadge({ request }: { request: Shown }) {
  const text = useText();
  if (request.no_longer_allowed.length === 0) return null;
  return (
    <div>
      <StatusIndicator type="warning">{text("notAllowed.badge")}</StatusIndicator>
      <Reasons reasons={request.no_longer_allowed} />
    </div>
  );
}

/** The same with what comes of it. */
export function NoLongerAllowedNote({ request }: { request: Shown }) {
  const text = useText();
  if (request.no_longer_allowed.length === 0) return null;
  return (
    <Alert type="warning" header={text("notAllowed.header")}>
      <Reasons reasons={request.no_longer_allowed} />
      <div>{text(request.state === "approved" ? "notAllowed.hintApproved" : "notAllowed.hint")}</div>
    </Alert>
  );
}

function Reasons({ reasons }: { reasons: Reason[] }) {
  const reasonText = useReasonTextOfOthers();
  return reasons.map((reason, index) => (
    <div key={index} className="row-quiet">
      {reasonText(reason)}
    </div>
  ));
}
