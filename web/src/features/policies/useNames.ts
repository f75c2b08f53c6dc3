import { useQueries } from "@tanstack/react-query";

import * as api from "../../api/endpoints";

const PARTS = ["users", "groups", "accounts", "permission-sets"] as const;
const FRESH_MS = 300_000;

/** What ids are called. Ids that are not known (any more) are shown as they are. */
export function useNames(): (id: string) => string {
  const answers = useQueries({
    queries: PARTS.map((part) => ({
      queryKey: ["directory", part],
      queryFn: ({ signal }: { signal: AbortSignal }) => api.directory(part, { limit: 200 }, signal),
      staleTime: FRESH_MS,
    })),
  });
  const names = new Map<string, string>();
  for (const { data } of answers) {
    for (const entry of data?.items ?? []) {
      names.set(entry.arn ?? entry.id ?? "", entry.display_name ?? entry.name ?? "");
      for (const unit of entry.path ?? []) names.set(unit.id, unit.name);
    }
  }
  return (id) => names.get(id) ?? id;
}
