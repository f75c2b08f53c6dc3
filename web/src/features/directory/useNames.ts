import { useQueries } from "@tanstack/react-query";
import { useState } from "react";

import { nameOf } from "./names";

const FRESH_MS = 300_000;

/** What stands for a name until it is there: ids would flash up. */
const COMING = "…";

interface Names {
  /** What an id is called; one that nobody knows is its own name. */
  names: (id: string) => string;
  /** Whether none of this was shown yet and names are still to come: a table's columns would jump. */
  coming: boolean;
}

export function useNames(ids: string[]): Names {
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
  // What comes to a list that is shown already takes nothing away, nor does a directory that does not answer.
  const [shown, setShown] = useState(false);
  const pending = answers.some(({ isPending, failureCount }) => isPending && failureCount === 0);
  const complete = unique.length > 0 && (shown || !pending);
  if (complete !== shown) setShown(complete);
  return { names: (id) => names.get(id) ?? id, coming: pending && !complete };
}
