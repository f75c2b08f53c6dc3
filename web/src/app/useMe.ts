import { useQuery } from "@tanstack/react-query";

import * as api from "../api/endpoints";
import { observeServerNow } from "../time/serverClock";

/** Who is signed in, how much waits for them, and what time it is on the server. */
export function useMe() {
  return useQuery({
    queryKey: ["me"],
    queryFn: async ({ signal }) => {
      const me = await api.me(signal);
      // Here and not where it is shown: what is kept from before tells an old time.
      observeServerNow(me.now);
      return me;
    },
    refetchInterval: 4000,
    retry: false,
  });
}
