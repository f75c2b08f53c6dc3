import type { PolicyList, Versioned } from "../../api/types";

/** How often the list is read at most, where the policies change while it is being read. */
export const MOST_READINGS = 3;

/**
 * All policies of a kind; where they are very long, it takes more than one answer. Parts of different
 * versions of the policy set make no list that there ever was: it is then read from the beginning.
 */
export async function allParts<P>(
  part: (cursor: string | undefined) => Promise<PolicyList<P>>,
): Promise<Versioned<P>[]> {
  for (let readings = 0; readings < MOST_READINGS; readings += 1) {
    const items = await ofOneVersion(part);
    if (items !== undefined) return items;
  }
  throw new Error("the policies changed each time they were read");
}

/** Nothing where the policies changed between two parts. */
async function ofOneVersion<P>(
  part: (cursor: string | undefined) => Promise<PolicyList<P>>,
): Promise<Versioned<P>[] | undefined> {
  const first = await part(undefined);
  const items = [...first.items];
  for (let cursor = first.next; cursor !== null;) {
    const next: PolicyList<P> = await part(cursor);
    if (next.version !== first.version) return undefined;
    items.push(...next.items);
    cursor = next.next;
  }
  return items;
}
