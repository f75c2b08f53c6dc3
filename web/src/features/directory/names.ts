import * as api from "../../api/endpoints";
import type { DirectoryParts } from "../../api/types";

type Part = keyof DirectoryParts;

/** Names come in lists of this many, so that addresses stay short. */
const AT_ONCE = 50;

const NAME: { [P in Part]: (item: DirectoryParts[P]) => [id: string, name: string] } = {
  users: ({ id, display_name }) => [id, display_name],
  groups: ({ id, display_name }) => [id, display_name],
  accounts: ({ id, name }) => [id, name],
  units: ({ id, name }) => [id, name],
  "permission-sets": ({ arn, name }) => [arn, name],
};

/** Where an id can be from, by its looks; users and groups look alike. */
export function partsOf(id: string): Part[] {
  if (id.startsWith("arn:")) return ["permission-sets"];
  if (/^\d{12}$/.test(id)) return ["accounts"];
  return /^(ou|r)-/.test(id) ? ["units"] : ["users", "groups"];
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- what comes back follows from the part
async function fetchPart<P extends Part>(part: P, ids: string[]): Promise<[string, string][]> {
  const { items } = await api.directory(part, { ids: ids.join(","), limit: AT_ONCE });
  return items.map(NAME[part]);
}

async function fetchNames(ids: string[]): Promise<Map<string, string>> {
  const byPart = new Map<Part, string[]>();
  for (const id of ids) for (const part of partsOf(id)) byPart.set(part, [...(byPart.get(part) ?? []), id]);
  const calls = [...byPart].flatMap(([part, all]) =>
    Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, index) =>
      fetchPart(part, all.slice(index * AT_ONCE, (index + 1) * AT_ONCE)),
    ),
  );
  return new Map((await Promise.all(calls)).flat());
}

let wanted = new Set<string>();
let batch: Promise<Map<string, string>> | undefined;

/** The name of an id, or the id if nobody knows it (any more). All that is asked at once is fetched at once. */
export async function nameOf(id: string): Promise<string> {
  wanted.add(id);
  batch ??= new Promise((resolve) => setTimeout(resolve)).then(() => {
    const ids = [...wanted];
    wanted = new Set();
    batch = undefined;
    return fetchNames(ids);
  });
  return (await batch).get(id) ?? id;
}
