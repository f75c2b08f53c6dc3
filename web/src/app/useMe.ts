import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import * as api from "../api/endpoints";
import { observeServerNow } from "../time/serverClock";

/** Who is signed in, how much waits for them, and what time it is on the server. */
export function useMe() {
  const query = useQuery({
    queryKey: ["me"],
    queryFn: ({ signal }) => api.me(signal),
    refetchInterval: 4000,
    retry: false,
  });
  const now = query.data?.now;
  useEffect(() => {
    if (now !== undefined) observeServerNow(now);
  }, [now]);
  return query;
}
