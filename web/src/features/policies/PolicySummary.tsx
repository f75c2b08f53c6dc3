import type { AnyPolicy, Policies, PolicyKind } from "../../api/types";
import { byName } from "../../app/byName";
import { useJoin } from "../../i18n/useJoin";
import { useText, type MessageId } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";
import { useNames } from "../directory/useNames";
import { idsIn, peopleOf, permissionSetsOf, principalsOf, targetsOf, type Scope } from "./scopes";

export interface PolicySummary {
  /** Approver policies are about requests of anybody. */
  who?: string;
  where: string;
  what: string;
  rules: string;
}

const inOrder = (names: string[]) => byName(names.map((name) => ({ name }))).map(({ name }) => name);

type Summaries = { [K in PolicyKind]: (policy: Policies[K]) => PolicySummary };

/**
 * What these policies say, in names: who, where, what, and under which rules; and whether names are to come. Of each
 * list so many are named at most, and the rest is a number.
 */
export function usePolicySummaries(
  policies: AnyPolicy[],
  named = Infinity,
): { summaries: Summaries; coming: boolean } {
  const text = useText();
  const joined = { people: useJoin("list.moreNamed"), things: useJoin("list.moreThings") };
  const times = useTimes();
  const { names, coming } = useNames(policies.flatMap(idsIn));
  const list = (of: keyof typeof joined, all: string[]) =>
    joined[of](all.slice(0, named), all.length - named);
  const told = (of: keyof typeof joined, { all, ids, except }: Scope, everything: MessageId) => {
    const included = all ? text(everything) : list(of, inOrder(ids.map(names)));
    const left =
      except.length === 0 ? "" : ` ${text("policies.except", { names: list(of, except.map(names)) })}`;
    return included === "" ? text("policies.nothing") : included + left;
  };
  const who = (policy: Pick<Policies["guardrails"], "principals">) =>
    told("people", principalsOf(policy.principals), "policies.everyone");
  const scope = (policy: Pick<Policies["guardrails"], "targets" | "permission_sets">) => ({
    where: told("things", targetsOf(policy.targets), "policies.allAccounts"),
    what: told("things", permissionSetsOf(policy.permission_sets), "policies.allPermissionSets"),
  });
  const effect = (effect: Policies["guardrails"]["effect"]): string => {
    if (effect === "forbid") return text("policies.forbid");
    if (effect === "require-approval") return text("policies.requireApproval");
    return text("policies.cap", { duration: times.duration(effect.cap.minutes) });
  };
  const summaries: Summaries = {
    eligibility: (policy) => ({
      who: who(policy),
      ...scope(policy),
      rules: [
        text("offer.upTo", { duration: times.duration(policy.max_duration_minutes) }),
        text(policy.approval_required ? "offer.approval" : "offer.noApproval"),
        ...(policy.ticket_required ? [text("policies.ticket")] : []),
      ].join(" · "),
    }),
    approvers: (policy) => ({
      ...scope(policy),
      rules: [
        ...policy.requirements.map(({ quorum, reviewers }) =>
          text("policies.quorum", { quorum, people: list("people", peopleOf(reviewers).map(names)) }),
        ),
        ...(policy.in_addition === true ? [text("policies.inAddition")] : []),
        ...(policy.portal_only === true ? [text("policies.portalOnlyRule")] : []),
      ].join(" · "),
    }),
    guardrails: (policy) => ({ who: who(policy), ...scope(policy), rules: effect(policy.effect) }),
  };
  return { summaries, coming };
}
