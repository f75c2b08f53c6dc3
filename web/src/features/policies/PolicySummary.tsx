import type { Policy, PolicyKind } from "../../api/types";
import { useText, type MessageId } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";
import {
  effectOf,
  minutesOf,
  permissionSetsOf,
  principalsOf,
  requirementsOf,
  targetsOf,
  type Scope,
} from "./scopes";
import { useNames } from "./useNames";

/** What a policy says, in names: who, where, what, and under which rules. */
export function usePolicySummary(kind: PolicyKind) {
  const text = useText();
  const names = useNames();
  const rules = useRules(names);
  const told = ({ all, ids, except }: Scope, everything: MessageId) => {
    const included = all ? text(everything) : ids.map(names).join(", ");
    const left =
      except.length === 0 ? "" : ` ${text("policies.except", { names: except.map(names).join(", ") })}`;
    return included === "" ? text("policies.nobody") : included + left;
  };
  return {
    who: (policy: Policy) => told(principalsOf(policy), "policies.everyone"),
    where: (policy: Policy) => told(targetsOf(policy), "policies.allAccounts"),
    what: (policy: Policy) => told(permissionSetsOf(policy), "policies.allPermissionSets"),
    rules: (policy: Policy) => rules[kind](policy).join(" · "),
  };
}

function useRules(names: (id: string) => string): Record<PolicyKind, (policy: Policy) => string[]> {
  const text = useText();
  const times = useTimes();
  return {
    eligibility: (policy) => {
      const minutes = minutesOf(policy.max_duration_minutes);
      return [
        ...(minutes === undefined ? [] : [text("offer.upTo", { duration: times.duration(minutes) })]),
        text(policy.approval_required === true ? "offer.approval" : "offer.noApproval"),
        ...(policy.ticket_required === true ? [text("policies.ticket")] : []),
      ];
    },
    approvers: (policy) => [
      ...requirementsOf(policy).map(({ quorum, people }) =>
        text("policies.quorum", { quorum, people: people.map(names).join(", ") }),
      ),
      ...(policy.in_addition === true ? [text("policies.inAddition")] : []),
    ],
    guardrails: (policy) => {
      const effect = effectOf(policy);
      switch (effect?.type) {
        case undefined:
          return [];
        case "forbid":
          return [text("policies.forbid")];
        case "require-approval":
          return [text("policies.requireApproval")];
        case "cap":
          return [text("policies.cap", { duration: times.duration(effect.minutes) })];
      }
    },
  };
}
