import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";

import { mayPass } from "../../api/problem";
import type { EligibleAccount, VerdictView } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { useJoin } from "../../i18n/useJoin";
import { useReasonText } from "../../i18n/useReasonText";
import { Text, useText, type MessageId } from "../../i18n/useText";
import { Moment } from "../../time/Moment";
import { useTimes } from "../../time/useTimes";
import { AllNeeded } from "../reviews/AllNeeded";
import { isRefused } from "./obstacles";
import type { AccountVerdict } from "./useVerdicts";

const OUTCOME: Record<VerdictView["outcome"], { type: StatusIndicatorProps.Type; text: MessageId }> = {
  ineligible: { type: "error", text: "verdict.ineligible" },
  refused: { type: "error", text: "verdict.ineligible" },
  "no-approval-needed": { type: "success", text: "verdict.noApproval" },
  "approval-needed": { type: "pending", text: "verdict.approval" },
};

interface Props {
  verdicts: AccountVerdict[];
  /** Whether a later start is asked for. */
  later: boolean;
  known: EligibleAccount[];
  /** What is still to be filled in before anything can be said. */
  missing: Missing | undefined;
}

export type Missing = "target" | "duration" | "start";

const MISSING_TEXT: Record<Missing, MessageId> = {
  target: "verdict.none",
  duration: "verdict.noDuration",
  start: "verdict.noStart",
};

/** Before sending: who will approve, until when access lasts, or why it is not possible. */
export function VerdictPanel({ verdicts, later, known, missing }: Props) {
  const text = useText();
  const join = useJoin();
  const name = (id: string) => known.find(({ account }) => account.id === id)?.account.name ?? id;
  const failed = verdicts.find(
    ({ error, verdict }) => error !== null && (verdict === undefined || !mayPass(error)),
  );
  if (failed !== undefined) return <ErrorNote error={failed.error} />;
  const answered = verdicts.flatMap(({ account, verdict, stale }) =>
    verdict === undefined ? [] : [{ account, verdict, stale }],
  );
  const asked = <StatusIndicator type="loading">{text("state.loading")}</StatusIndicator>;
  if (answered.length === 0) {
    if (missing === undefined) return <div className="verdict-coming">{asked}</div>;
    return <Box color="text-body-secondary">{text(MISSING_TEXT[missing])}</Box>;
  }
  return (
    <SpaceBetween size="l">
      {alike(answered).map(({ verdict, accounts, stale }) => (
        <div key={accounts.join()} className={stale ? "verdict verdict-stale" : "verdict"} aria-busy={stale}>
          {verdicts.length > 1 && <div className="verdict-accounts">{join(accounts.map(name))}</div>}
          <OneVerdict verdict={verdict} later={later} asked={stale && asked} />
        </div>
      ))}
      {answered.length < verdicts.length && asked}
    </SpaceBetween>
  );
}

interface Group {
  verdict: VerdictView;
  accounts: string[];
  stale: boolean;
}

/** Accounts with the same answer are told together. */
function alike(answered: { account: string; verdict: VerdictView; stale: boolean }[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { account, verdict, stale } of answered) {
    const { outcome, reasons, requirements, eligibility, guardrails, joined_window } = verdict;
    const key = JSON.stringify([outcome, reasons, requirements, eligibility?.id, guardrails, joined_window]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { verdict, accounts: [account], stale });
    else {
      group.accounts.push(account);
      group.stale ||= stale;
    }
  }
  return [...groups.values()];
}

interface OneProps {
  verdict: VerdictView;
  later: boolean;
  /** Says that it is asked again: beside the outcome, where it moves nothing. */
  asked: ReactNode;
}

function OneVerdict({ verdict, later, asked }: OneProps) {
  const text = useText();
  const reasonText = useReasonText();
  const look = OUTCOME[verdict.outcome];
  return (
    <SpaceBetween size="s">
      <div className="verdict-head">
        <div role="status" className="verdict-outcome">
          <StatusIndicator type={look.type}>{text(look.text)}</StatusIndicator>
        </div>
        {asked}
      </div>
      {verdict.reasons.length > 0 && (
        <ul className="reasons">
          {verdict.reasons.map((reason, index) => (
            // Several may have the same code, for instance two guardrails that forbid it.
            <li key={index}>{reasonText(reason)}</li>
          ))}
        </ul>
      )}
      {!isRefused(verdict) && verdict.requirements.length > 0 && <Reviewers verdict={verdict} />}
      {!isRefused(verdict) && <Times verdict={verdict} later={later} />}
      {verdict.eligibility !== null && (
        <Box color="text-body-secondary" fontSize="body-s">
          {text("verdict.policy", { policy: verdict.eligibility.name })}
          {!isRefused(verdict) && <Guardrails guardrails={verdict.guardrails} />}
        </Box>
      )}
    </SpaceBetween>
  );
}

/** Why it is narrower than the policy says by itself; where it is refused, the reasons name them. */
function Guardrails({ guardrails }: Pick<VerdictView, "guardrails">) {
  const text = useText();
  return guardrails.map(({ id, name }) => <div key={id}>{text("verdict.guardrail", { policy: name })}</div>);
}

function Reviewers({ verdict }: { verdict: VerdictView }) {
  const text = useText();
  const join = useJoin();
  const SHOWN = 4;
  return (
    <div>
      <AllNeeded of={verdict.requirements} />
      <ul className="reviewers">
        {verdict.requirements.map((requirement, index) => {
          const names = requirement.reviewers.slice(0, SHOWN).map((person) => person.display_name);
          const more = requirement.reviewers_count - names.length;
          return (
            <li key={`${requirement.policy.id}-${index}`}>
              <div>
                {text("verdict.quorum", { quorum: requirement.quorum, count: requirement.reviewers_count })}
              </div>
              <div className="reviewer-names">{join(names, more)}</div>
              <div className="row-quiet">{requirement.policy.name}</div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Times({ verdict, later }: { verdict: VerdictView; later: boolean }) {
  const text = useText();
  const times = useTimes();
  const ifApproved = later ? "verdict.untilIfInTime" : "verdict.untilIfNow";
  return (
    <dl className="facts">
      <div>
        <dt>{text(verdict.outcome === "approval-needed" ? ifApproved : "verdict.until")}</dt>
        <dd>
          <Moment at={verdict.expires_at} /> <span className="zone">{times.zone(verdict.expires_at)}</span>
        </dd>
      </div>
      <div>
        <dt>{text("verdict.sessions")}</dt>
        <dd>
          <Moment at={verdict.open_sessions_until} />
        </dd>
      </div>
      {verdict.joined_window !== null && (
        <div>
          <dt>{text("verdict.joined")}</dt>
          <dd>
            <Text
              id="grant.joinedWindow"
              values={{
                start: times.moment(verdict.joined_window.starts_at),
                end: times.moment(verdict.joined_window.expires_at),
              }}
            />
          </dd>
        </div>
      )}
    </dl>
  );
}
