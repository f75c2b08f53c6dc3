import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import type { AccountView, EligibilityPage, EligibleAccount } from "../../api/types";
import { commonOffers, suggestedAccounts } from "./offers";
import { isAccountId, settle } from "./wanted";

const FRESH_MS = 60_000;

/** Accounts that the caller may ask for, found on the server by name, id or unit. */
export function useAccountSearch(search: string) {
  const query = useInfiniteQuery({
    queryKey: ["eligibility", "search", search],
    queryFn: ({ signal, pageParam }) => api.eligibility({ search, limit: 30, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: EligibilityPage) => last.next,
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
  });
  return { ...query, accounts: query.data?.pages.flatMap((page) => page.items) };
}

/** Accounts that the caller asked for lately, whether they may still or not. */
export function useLately(): { accounts: AccountView[]; loading: boolean } {
  const { data, isPending } = useQuery({
    queryKey: ["lately"],
    queryFn: ({ signal }) => api.requests({ scope: "mine", limit: 25 }, signal),
  });
  return { accounts: data?.items.map(({ account }) => account) ?? [], loading: isPending };
}

/** Accounts that are one press away. */
export function useSuggestedAccounts(): AccountView[] {
  const { accounts, hasNextPage } = useAccountSearch("");
  const lately = useLately();
  // One after the other would move them under the pointer.
  if (accounts === undefined || lately.loading) return [];
  return suggestedAccounts(
    accounts.map(({ account }) => account),
    !hasNextPage,
    lately.accounts,
  );
}

/** More than any account's name has; the API searches for no more. */
const LONGEST_NAME = 200;

/** What may be the wanted account: by id at most one, by name everything the words are found in. */
async function candidates(wanted: string, signal: AbortSignal): Promise<EligibleAccount[]> {
  if (isAccountId(wanted)) return (await api.eligibility({ account: wanted }, signal)).items;
  if (wanted.length > LONGEST_NAME) return [];
  const found: EligibleAccount[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: EligibilityPage = await api.eligibility({ search: wanted, limit: 200, cursor }, signal);
    found.push(...page.items);
    cursor = page.next;
  }
  return found;
}

/** What is offered on the chosen accounts, and on all of them together. */
export function useChosenAccounts(wanted: string[]) {
  const answers = useQueries({
    queries: wanted.map((one) => ({
      queryKey: ["eligibility", "account", one],
      queryFn: ({ signal }: { signal: AbortSignal }) => candidates(one, signal),
      staleTime: FRESH_MS,
    })),
  });
  const { ids, known, unavailable } = settle(
    wanted,
    answers.map(({ data }) => data),
  );
  const loading = answers.some((answer) => answer.isPending);
  return {
    ids,
    known,
    unavailable,
    loading,
    error: answers.find((answer) => answer.error !== null)?.error ?? null,
    retry: () => answers.forEach((answer) => void answer.refetch()),
    offers: loading || unavailable.length > 0 ? [] : commonOffers(known),
  };
}

export function useFormSettings() {
  const query = useQuery({
    queryKey: ["eligibility", "settings"],
    queryFn: ({ signal }) => api.eligibility({ limit: 1 }, signal),
    staleTime: FRESH_MS,
  });
  return { ...query, settings: query.data?.settings, nothingToAskFor: query.data?.items.length === 0 };
}
