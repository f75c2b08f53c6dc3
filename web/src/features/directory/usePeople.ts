import { useQuery } from "@tanstack/react-query";

import * as api from "../../api/endpoints";

/** Everybody in the directory, for choosing somebody. */
export function usePeople() {
  const { data } = useQuery({
    queryKey: ["directory", "users"],
    queryFn: ({ signal }) => api.directory("users", { limit: 200 }, signal),
    staleTime: 300_000,
  });
  return data?.items ?? [];
}
