import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { RequestView } from "../../api/types";
import { useText } from "../../i18n/useText";
import { lookOf } from "./badges";

type Shown = Pick<RequestView, "state" | "outcome" | "removal">;

/** Where a request stands, in one word; a removal in trouble says so. */
export function StateBadge({ request }: { request: Shown }) {
  const text = useText();
  if (request.removal?.blocked)
    return <StatusIndicator type="error">{text("state.blocked")}</StatusIndicator>;
  if (request.removal?.overdue)
    return <StatusIndicator type="warning">{text("state.overdue")}</StatusIndicator>;
  const look = lookOf(request);
  return <StatusIndicator type={look.type}>{text(look.text)}</StatusIndicator>;
}
