import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * The newest answer to any question whose key begins so, to be shown while another one is awaited. `useQueries` observes
 * each question anew, so that there `keepPreviousData` knows of none.
 */
export function newestAnswer(client: QueryClient, queryKey: QueryKey): unknown {
  const answered = client
    .getQueryCache()
    .findAll({ queryKey, predicate: ({ state }) => state.data !== undefined });
  const [newest] = answered.sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
  return newest?.state.data;
}
