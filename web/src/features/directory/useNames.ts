import { useQuery } from "@tanstack/react-query";

import * as api from "../../api/endpoints";

const FRESH_MS = 300_000;
const MOST = { limit: 200 };

async function fetchNames(signal: AbortSignal): Promise<Map<string, string>> {
  const [users, groups, accounts, permissionSets] = await Promise.all([
    api.directory("users", MOST, signal),
    api.directory("groups", MOST, signal),
    api.directory("accounts", MOST, signal),
    api.directory("permission-sets", MOST, signal),
  ]);
  return new Map([
    ...users.items.map(({ id, display_name }) => [id, display_name] as const),
    ...groups.items.map(({ id, display_name }) => [id, display_name] as const),
    ...accounts.items.map(({ id, name }) => [id, name] as const),
    ...accounts.items.flatMap(({ path }) => path.map(({ id, name }) => [id, name] as const)),
    ...permissionSets.items.map(({ arn, name }) => [arn, name] as const),
  ]);
}

/** What ids are called. Ids that are not known (any more) are shown as they are. */
export function useNames(): (id: string) => string {
  const { data } = useQuery({
    queryKey: ["directory", "names"],
    queryFn: ({ signal }) => fetchNames(signal),
    staleTime: FRESH_MS,
  });
  return (id) => data?.get(id) ?? id;
}
