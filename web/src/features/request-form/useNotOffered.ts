import { useQueries } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import { mayPass, Refused } from "../../api/problem";
import type { AccountView, OfferedPermissionSet, VerdictView } from "../../api/types";
import type { Obstacle } from "./obstacles";
import { commonOffers } from "./offers";
import { useAccountSearch, type useChosenAccounts, useLately } from "./useOffers";
import { idOf } from "./wanted";

export interface Missed {
  kind: "account" | "permission-set";
  name: string;
  /** The accounts that share the name, where it is not clear which of them is meant. */
  bearers: AccountView[];
  /** Why it is not offered, as far as the API says. */
  why: Obstacle[];
}

type Chosen = ReturnType<typeof useChosenAccounts>;

const isArn = (wanted: string | undefined): wanted is string => wanted?.startsWith("arn:") === true;

/** The wanted permission set, if it is none of the offered ones although these are known. */
export function missedSet(
  wanted: string | undefined,
  offers: OfferedPermissionSet[],
  known: boolean,
): string | undefined {
  const isWanted = ({ arn, name }: OfferedPermissionSet) => arn === wanted || name === wanted;
  return !known || wanted === undefined || offers.some(isWanted) ? undefined : wanted;
}

/** What is not even written like an id names nothing that exists, and the form says so by itself. */
const isMalformed = (error: Error | null) =>
  error instanceof Refused && error.problem.code === "malformed-query";

export function whyOf(verdict: VerdictView | undefined, error: Error | null): Obstacle[] {
  if (isMalformed(error)) return [];
  if (error !== null && !mayPass(error)) return [{ error }];
  return verdict?.reasons.map((reason) => ({ reason })) ?? [];
}

/** Accounts and a permission set that are asked for and not offered: the API says why. */
export function useNotOffered(chosen: Chosen, wanted: string | undefined, minutes: number): Missed[] {
  const { accounts = [], hasNextPage, isSuccess } = useAccountSearch("");
  const lately = useLately();
  const everywhere = [...chosen.known, ...accounts].flatMap(({ permission_sets: sets }) => sets);
  // Without an account that there is, what is offered anywhere is what there is to choose from.
  const anyKnown = chosen.known.length > 0;
  const offers = anyKnown ? commonOffers(chosen.known) : everywhere;
  const settled = !chosen.loading && chosen.error === null;
  const set = missedSet(wanted, offers, settled && (anyKnown || (isSuccess && !hasNextPage)));
  const nameOf = (arn: string) => everywhere.find((offer) => offer.arn === arn)?.name ?? arn;
  const arn = everywhere.find(({ arn, name }) => arn === wanted || name === wanted)?.arn ?? wanted;
  // Any permission set lets the API say that there is no such account.
  const asked = isArn(arn) ? arn : everywhere[0]?.arn;
  const missed: Omit<Missed, "why">[] = chosen.unavailable.map(({ wanted: name, bearers }) => ({
    kind: "account",
    name,
    bearers,
  }));
  if (set !== undefined) missed.push({ kind: "permission-set", name: nameOf(set), bearers: [] });
  const places = missed.map(({ kind, name, bearers }) => {
    if (kind === "permission-set") return chosen.known[0]?.account.id;
    return bearers.length === 0 ? idOf(name, lately.accounts) : undefined;
  });
  const answers = useQueries({
    queries: places.map((account, index) => {
      const permissionSet = missed[index]?.kind === "account" || isArn(arn) ? asked : undefined;
      return {
        // The name keeps apart those that nothing is known by.
        queryKey: ["eligibility", "why", missed[index]?.name, account, permissionSet, minutes],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          api.verdict({ account, permission_set: permissionSet, duration_minutes: minutes }, signal),
        enabled: permissionSet !== undefined && account !== undefined,
      };
    }),
  });
  return missed.map((one, index) => ({
    ...one,
    why: whyOf(answers[index]?.data, answers[index]?.error ?? null),
  }));
}
