import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import type { AccountView, EligibilityPage } from "../../api/types";
import { commonOffers, suggestedAccounts } from "./offers";

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

/** Accounts that are one press away. */
export function useSuggestedAccounts(): AccountView[] {
  const { accounts, hasNextPage } = useAccountSearch("");
  const lately = useQuery({
    queryKey: ["lately"],
    queryFn: ({ signal }) => api.requests({ scope: "mine", limit: 25 }, signal),
  });
  // One after the other would move them under the pointer.
  if (accounts === undefined || lately.isPending) return [];
  const asked = lately.data?.items.map(({ account }) => account) ?? [];
  return suggestedAccounts(
    accounts.map(({ account }) => account),
    !hasNextPage,
    asked,
  );
}

/** What is offered on the chosen accounts, and on all of them together. */
export function useChosenAccounts(ids: string[]) {
  const answers = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["eligibility", "account", id],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.eligibility({ account: id }, signal),
      staleTime: FRESH_MS,
    })),
  });
  const offers = answers.map((answer) => answer.data?.items[0]);
  const known = offers.filter((offer) => offer !== undefined);
  const unavailable = ids.filter(
    (_, index) => answers[index]?.isSuccess === true && offers[index] === undefined,
  );
  const loading = answers.some((answer) => answer.isPending);
  return {
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
