import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import { isNotFound } from "../../api/problem";
import { useMe } from "../../app/useMe";
import type { RequestAction, RequestDetail, RequestView } from "../../api/types";
import { pollEvery, pollListEvery } from "./motion";

export type Scope = "mine" | "to-review" | "active" | "all";

export interface Filter {
  scope: Scope;
  state?: string;
  mine?: boolean;
  requester?: string;
  account?: string;
  permission_set?: string;
}

/** A list that grows page by page and stays fresh. */
export function useRequests(filter: Filter, enabled = true) {
  const query = useInfiniteQuery({
    queryKey: ["requests", filter],
    queryFn: ({ signal, pageParam }) => api.requests({ ...filter, limit: 25, cursor: pageParam }, signal),
    enabled,
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: ({ state }) => pollListEvery(state.data?.pages.flatMap((page) => page.items)),
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) };
}

export function useRequest(id: string) {
  return useQuery({
    queryKey: ["request", id],
    queryFn: ({ signal }) => api.request(id, signal),
    refetchInterval: ({ state }) => (isNotFound(state.error) ? false : pollEvery(state.data)),
  });
}

export interface Act {
  id: string;
  action: RequestAction;
  comment?: string | undefined;
}

/** One press on one request; every list and count that could show it is fetched again. */
export function useAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, action, comment }: Act): Promise<RequestView> => api.act(id, action, comment),
    // What happened is fetched after it; the state shows at once.
    onSuccess: (view) => {
      client.setQueryData<RequestDetail>(["request", view.id], (known) => known && { ...known, ...view });
      return refreshRequests(client);
    },
    // What went wrong is said without waiting for lists that may be out of reach as well.
    onError: () => void refreshRequests(client),
  });
}

export function refreshRequests(client: ReturnType<typeof useQueryClient>): Promise<unknown> {
  return Promise.all([
    client.invalidateQueries({ queryKey: ["requests"] }),
    client.invalidateQueries({ queryKey: ["request"] }),
    client.invalidateQueries({ queryKey: ["me"] }),
    client.invalidateQueries({ queryKey: ["inbox"] }),
  ]);
}

/** Whether the request is the caller's own. */
export function useIsMine(request: RequestView): boolean {
  return useMe().data?.user.id === request.requester.id;
}

/**
 * Asking for the same thing again: a link to the form, which fetches what to fill in, as the links in
 * messages do. It names the request alone: addresses get into logs.
 */
export const askAgain = (request: RequestView): string => `/request?again=${encodeURIComponent(request.id)}`;

/** What was asked for by the request that `again` names, if it names one; that never changes. */
export function useAskedBefore(again: string | null) {
  const enabled = again !== null && again !== "";
  const query = useQuery({
    queryKey: ["request", again],
    queryFn: ({ signal }) => api.request(again ?? "", signal),
    enabled,
    staleTime: Infinity,
  });
  // Also while nothing is being fetched: on a page that is hidden, trying again waits.
  return { ...query, isAwaited: enabled && query.isPending };
}
