import type { StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";

import type { RequestOutcome, RequestState } from "../../api/types";
import type { MessageId } from "../../i18n/useText";

export interface BadgeLook {
  type: StatusIndicatorProps.Type;
  text: MessageId;
}

type OpenState = Exclude<RequestState, "closed">;

/** Every state and outcome has its look; a new one fails to compile until it has. */
export const STATE_LOOK: Record<OpenState, BadgeLook> = {
  pending: { type: "pending", text: "state.pending" },
  approved: { type: "info", text: "state.approved" },
  activating: { type: "in-progress", text: "state.activating" },
  active: { type: "success", text: "state.active" },
  ending: { type: "in-progress", text: "state.ending" },
};

export const OUTCOME_LOOK: Record<RequestOutcome, BadgeLook> = {
  denied: { type: "error", text: "outcome.denied" },
  withdrawn: { type: "stopped", text: "outcome.withdrawn" },
  lapsed: { type: "stopped", text: "outcome.lapsed" },
  failed: { type: "error", text: "outcome.failed" },
  expired: { type: "stopped", text: "outcome.expired" },
  revoked: { type: "stopped", text: "outcome.revoked" },
};

export function lookOf(request: { state: RequestState; outcome: RequestOutcome | null }): BadgeLook {
  if (request.state !== "closed") return STATE_LOOK[request.state];
  return OUTCOME_LOOK[request.outcome ?? "expired"];
}
