import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import { isNotFound } from "../../api/problem";

const every = (error: unknown) => (isNotFound(error) ? false : 3000);

/** The newest messages. Only the one-machine program has an inbox; elsewhere there is no data and no bell. */
export function useInbox() {
  return useQuery({
    queryKey: ["inbox"],
    queryFn: ({ signal }) => api.inbox({}, signal),
    refetchInterval: ({ state }) => every(state.error),
    retry: false,
  });
}

/** All messages, page by page. */
export function useWholeInbox() {
  const query = useInfiniteQuery({
    queryKey: ["inbox", "whole"],
    queryFn: ({ signal, pageParam }) => api.inbox({ cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: ({ state }) => every(state.error),
    retry: false,
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) };
}
