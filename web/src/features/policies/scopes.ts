/**
 * Reads the parts that policies are made of, for showing them. Policies are the API's; what is not
 * understood here is still in the text of the policy.
 */
import type { Policy } from "../../api/types";

type Data = Record<string, unknown>;

const recordOf = (value: unknown): Data =>
  typeof value === "object" && value !== null ? (value as Data) : {};
const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [];

export interface Scope {
  all: boolean;
  ids: string[];
  except: string[];
}

export function principalsOf(policy: Policy): Scope {
  const principals = recordOf(policy.principals);
  return { all: principals.everyone === true, ids: peopleOf(principals), except: [] };
}

export const peopleOf = (people: unknown): string[] => {
  const { users, groups } = recordOf(people);
  return [...listOf(groups), ...listOf(users)];
};

export function targetsOf(policy: Policy): Scope {
  const targets = recordOf(policy.targets);
  return {
    all: targets.all === true,
    ids: [...listOf(targets.units), ...listOf(targets.accounts)],
    except: [...listOf(targets.excluded_units), ...listOf(targets.excluded_accounts)],
  };
}

export function permissionSetsOf(policy: Policy): Scope {
  const these = recordOf(policy.permission_sets).these;
  return { all: policy.permission_sets === "all", ids: listOf(these), except: [] };
}

export function requirementsOf(policy: Policy): { quorum: number; people: string[] }[] {
  const requirements: unknown[] = Array.isArray(policy.requirements) ? policy.requirements : [];
  return requirements.map(recordOf).map(({ quorum, reviewers }) => ({
    quorum: typeof quorum === "number" ? quorum : 1,
    people: peopleOf(reviewers),
  }));
}

export type Effect = { type: "forbid" } | { type: "require-approval" } | { type: "cap"; minutes: number };

export function effectOf(policy: Policy): Effect | undefined {
  if (policy.effect === "forbid" || policy.effect === "require-approval") return { type: policy.effect };
  const { minutes } = recordOf(recordOf(policy.effect).cap);
  return typeof minutes === "number" ? { type: "cap", minutes } : undefined;
}

export const minutesOf = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;
