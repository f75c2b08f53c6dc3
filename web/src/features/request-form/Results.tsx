import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useEffect, useRef } from "react";

import { Refused } from "../../api/problem";
import type { EligibleAccount, SubmissionResult } from "../../api/types";
import { RouteButton, RouteLink } from "../../app/links";
import { useProblemText } from "../../i18n/useProblemText";
import { useText } from "../../i18n/useText";
import { StateBadge } from "../requests/StateBadge";
import { useRequests } from "../requests/queries";
import type { LeftOut } from "./obstacles";
import { useObstacleText } from "./useObstacleText";

export interface Sent {
  results: SubmissionResult[];
  /** What was chosen too, and not asked for because it would have been refused. */
  leftOut: LeftOut[];
}

interface Props extends Sent {
  known: EligibleAccount[];
  onAnother: () => void;
}

/** What became of each account of a request for several. */
export function Results({ results, leftOut, known, onAnother }: Props) {
  const text = useText();
  const problemText = useProblemText();
  const obstacleText = useObstacleText();
  const { items = [] } = useRequests({ scope: "mine" });
  const heading = useRef<HTMLSpanElement>(null);
  // The form is gone, and this is what it led to.
  useEffect(() => heading.current?.focus(), []);
  const sent = results.filter((result) => result.request !== null).length;
  const name = (id: string) => known.find(({ account }) => account.id === id)?.account.name ?? id;
  return (
    <SpaceBetween size="m">
      <Box variant="h2">
        <span className="page-title" ref={heading} tabIndex={-1}>
          {text("results.title", { sent, total: results.length })}
        </span>
      </Box>
      <Container disableContentPaddings>
        <ul className="rows" aria-label={text("results.label")}>
          {results.map(({ account, request, problem }) => (
            <li className="row" key={account}>
              <div className="row-main">
                <span className="account-name">{name(account)}</span>{" "}
                <span className="account-id">{account}</span>
                {problem !== null && (
                  <div className="row-quiet">{problemText(new Refused(problem)).content}</div>
                )}
              </div>
              <div className="row-side">
                {request !== null && (
                  <StateBadge request={items.find(({ id }) => id === request.id) ?? request} />
                )}
                {request !== null && (
                  <RouteLink href={`/requests/${request.id}`}>{text("action.details")}</RouteLink>
                )}
                {problem !== null && (
                  <StatusIndicator type="error">{problemText(new Refused(problem)).header}</StatusIndicator>
                )}
              </div>
            </li>
          ))}
          {leftOut.map(({ account, why }) => (
            <li className="row" key={account}>
              <div className="row-main">
                <span className="account-name">{name(account)}</span>{" "}
                <span className="account-id">{account}</span>
                <div className="row-quiet">{obstacleText(why)}</div>
              </div>
              <div className="row-side">
                <StatusIndicator type="stopped">{text("results.leftOut")}</StatusIndicator>
              </div>
            </li>
          ))}
        </ul>
      </Container>
      <SpaceBetween size="xs" direction="horizontal">
        <RouteButton href="/requests" variant="primary">
          {text("nav.mine")}
        </RouteButton>
        <Button onClick={onAnother}>{text("results.another")}</Button>
      </SpaceBetween>
    </SpaceBetween>
  );
}
