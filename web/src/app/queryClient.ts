import { QueryClient } from "@tanstack/react-query";

import { mayPass } from "../api/problem";

/** Polling stops by itself while the page is hidden and catches up when it is shown again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => mayPass(error) && failures < 2,
        retryDelay: (failures) => Math.min(4000, 500 * 2 ** failures),
        staleTime: 1000,
        refetchOnWindowFocus: true,
        // Kari may answer without a network, as on one's own machine; where it does not, that is what is told.
        networkMode: "always",
        refetchOnReconnect: true,
      },
      // Without a network what is pressed fails at once; it is not kept, to happen when nobody looks.
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
