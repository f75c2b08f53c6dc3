/** Whom, where and what a policy speaks of, as lists of ids for showing. */
import type { AnyPolicy, People, PermissionSets, Principals, Targets } from "../../api/types";

export interface Scope {
  all: boolean;
  ids: string[];
  except: string[];
}

export const peopleOf = ({ groups = [], users = [] }: People): string[] => [...groups, ...users];

/** Where a guardrail leaves a part out, it means everything. */
export function principalsOf(principals: Principals | undefined): Scope {
  if (principals === undefined) return { all: true, ids: [], except: [] };
  return { all: principals.everyone ?? false, ids: peopleOf(principals), except: [] };
}

export function targetsOf(targets: Targets | undefined): Scope {
  if (targets === undefined) return { all: true, ids: [], except: [] };
  const { all = false, units = [], accounts = [], excluded_units = [], excluded_accounts = [] } = targets;
  return { all, ids: [...units, ...accounts], except: [...excluded_units, ...excluded_accounts] };
}

export function permissionSetsOf(sets: PermissionSets | undefined): Scope {
  if (sets === undefined || sets === "all") return { all: true, ids: [], except: [] };
  return { all: false, ids: sets.these, except: [] };
}

/** Everything that a policy names. */
export function idsIn(policy: AnyPolicy): string[] {
  const scopes = [targetsOf(policy.targets), permissionSetsOf(policy.permission_sets)];
  if ("principals" in policy) scopes.push(principalsOf(policy.principals));
  const people = "requirements" in policy ? policy.requirements.map(({ reviewers }) => reviewers) : [];
  if ("notify" in policy && policy.notify !== undefined) people.push(policy.notify);
  return [...scopes.flatMap(({ ids, except }) => [...ids, ...except]), ...people.flatMap(peopleOf)];
}
