import { useQueries } from "@tanstack/react-query";

import { nameOf } from "./names";

const FRESH_MS = 300_000;

/** What stands for a name until it is there: ids would flash up. */
const COMING = "…";

/** What these ids are called; one that nobody knows is its own name. */
export function useNames(ids: string[]): (id: string) => string {
  const unique = [...new Set(ids)];
  const answers = useQueries({
    queries: unique.map((id) => ({
      queryKey: ["directory", "name", id],
      queryFn: () => nameOf(id),
      staleTime: FRESH_MS,
    })),
  });
  const names = new Map(
    unique.map((id, index) => [id, answers[index]?.isPending === true ? COMING : answers[index]?.data]),
  );
  return (id) => names.get(id) ?? id;
}
