import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";

import type { RequestAction, RequestView } from "../../api/types";
import { RouteButton } from "../../app/links";
import { useText, type MessageId } from "../../i18n/useText";
import { useConsoleUrl } from "../access/consoleUrl";
import { ApproveButton } from "../reviews/ApproveButton";
import { askAgain, useIsMine } from "./queries";
import { useActWithFlash } from "./useActWithFlash";

const LABEL: Record<RequestAction, MessageId> = {
  approve: "action.approve",
  deny: "action.deny",
  withdraw: "action.withdraw",
  revoke: "action.endNow",
};

/** Before access begins, withdrawing and ending come to the same: one word for it is enough. */
const offered = (actions: RequestAction[]): RequestAction[] =>
  actions.filter((action) => action !== "revoke" || !actions.includes("withdraw"));

/** Whether there is anything to do with the request. */
export const anythingToDo = (request: RequestView, mine: boolean): boolean =>
  request.actions.length > 0 || request.console_url !== null || (mine && request.state === "closed");

interface Props {
  request: RequestView;
  onAsk: (action: RequestAction) => void;
}

/** The actions the API permits, and only those. Approving is one press; the rest ask once. */
export function DetailActions({ request, onAsk }: Props) {
  const text = useText();
  const { press, busy } = useActWithFlash();
  const mine = useIsMine(request);
  const consoleUrl = useConsoleUrl(request);
  const button = (action: RequestAction) =>
    action === "approve" ? (
      <ApproveButton
        key={action}
        label={text(LABEL[action])}
        primary={request.waits_for_caller}
        busy={busy}
        onApprove={() => void press({ id: request.id, action })}
        onComment={() => onAsk(action)}
      />
    ) : (
      <Button key={action} disabled={busy} onClick={() => onAsk(action)}>
        {text(LABEL[action])}
      </Button>
    );
  return (
    <SpaceBetween size="xs" direction="horizontal">
      {mine && request.state === "closed" && (
        <RouteButton href={askAgain(request)}>{text("action.askAgain")}</RouteButton>
      )}
      {offered(request.actions).map(button)}
      {consoleUrl !== null && (
        <Button variant="primary" href={consoleUrl} target="_blank" iconName="external" iconAlign="right">
          {text("action.openConsole")}
        </Button>
      )}
    </SpaceBetween>
  );
}
