import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";

import SpaceBetween from "@cloudscape-design/components/space-between";

import type { RequestView } from "../../api/types";
import { useIsPhone } from "../../app/useIsPhone";
import { useText } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { useTimes } from "../../time/useTimes";
import { endsEarly, openSessionsUntil } from "./early";
import { Quote } from "./Quote";
import { AccountLabel } from "./Target";
import { Ticket } from "./Ticket";

/** What was asked for and what was granted. */
export function Facts({ request }: { request: RequestView }) {
  const text = useText();
  const phone = useIsPhone();
  const pairs: KeyValuePairsProps.Pair[] = [
    {
      label: text("fact.requester"),
      value: `${request.requester.display_name} (${request.requester.user_name})`,
    },
    {
      label: text("fact.account"),
      value: (
        <div className="account-stacked">
          <AccountLabel account={request.account} />
        </div>
      ),
    },
    { label: text("fact.permissionSet"), value: request.permission_set.name },
    ...useTimeFacts(request),
  ];
  if (request.ticket !== null)
    pairs.push({ label: text("fact.ticket"), value: <Ticket ticket={request.ticket} /> });
  return (
    <Container header={<Header variant="h2">{text("details.facts")}</Header>}>
      <SpaceBetween size="l">
        <KeyValuePairs columns={phone ? 1 : 2} items={pairs} />
        {request.justification !== null && (
          <KeyValuePairs
            items={[{ label: text("fact.justification"), value: <Quote>{request.justification}</Quote> }]}
          />
        )}
      </SpaceBetween>
    </Container>
  );
}

function useTimeFacts(request: RequestView): KeyValuePairsProps.Pair[] {
  const text = useText();
  const times = useTimes();
  const early = endsEarly(request);
  // What was not observed did not begin, whatever window was fixed for it.
  const began = request.activated_at !== null;
  const pairs = [{ label: text("fact.duration"), value: times.duration(request.duration_minutes) }];
  const moment = (label: string, at: string | null) =>
    at === null ? [] : [{ label, value: <Moment at={at} /> }];
  return [
    ...pairs,
    ...moment(text("fact.start"), request.start),
    ...moment(text(began ? "fact.windowStart" : "fact.windowFrom"), request.window?.starts_at ?? null),
    ...moment(text(early ? "fact.windowEndWas" : "fact.windowEnd"), request.window?.expires_at ?? null),
    ...moment(text("fact.endedEarly"), early ? request.ended_at : null),
    ...moment(text("fact.joinedEnd"), early ? null : (request.joined_window?.expires_at ?? null)),
    ...moment(text("fact.openSessionsUntil"), openSessionsUntil(request)),
  ];
}
