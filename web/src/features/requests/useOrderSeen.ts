import { useState } from "react";

interface Listed {
  id: string;
}

/** What is there now: what was seen before keeps its order, and what is new comes last. */
export function inOrderSeen<One extends Listed>(before: readonly string[], now: One[]): One[] {
  const places = new Map(before.map((id, place) => [id, place]));
  const placeOf = ({ id }: One) => places.get(id) ?? before.length;
  return now.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/**
 * A list with buttons that fetches itself again, in the order in which the reader came to see it: nothing
 * new takes the place of what they are about to press. Except at the end of a full page: what is new pushes the last
 * one to the next page, which is not fetched before somebody asks for it, and stands where that one was.
 */
export function useOrderSeen<One extends Listed>(now: One[]): One[] {
  const [before, setBefore] = useState<readonly string[]>([]);
  const ordered = inOrderSeen(before, now);
  const ids = ordered.map(({ id }) => id);
  if (ids.join() !== before.join()) setBefore(ids);
  return ordered;
}
