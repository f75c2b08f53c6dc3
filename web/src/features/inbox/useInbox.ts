import { useQuery } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import { isNotFound } from "../../api/problem";

/** Only the one-machine program has an inbox; elsewhere there is no data and no bell. */
export function useInbox() {
  return useQuery({
    queryKey: ["inbox"],
    queryFn: ({ signal }) => api.inbox(signal),
    refetchInterval: ({ state }) => (isNotFound(state.error) ? false : 3000),
    retry: false,
  });
}
