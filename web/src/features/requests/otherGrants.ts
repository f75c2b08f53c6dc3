import type { RequestView } from "../../api/types";
import { useRequests } from "./queries";

/** What holds the access: it was asked for in Identity Center, and is not being taken away. */
const HOLDS: readonly RequestView["state"][] = ["activating", "active"];

/** Those of the requests that give the same person the same access besides this one. */
export function keepingSame(request: RequestView, all: RequestView[]): RequestView[] {
  const isSame = (other: RequestView) =>
    other.id !== request.id &&
    HOLDS.includes(other.state) &&
    other.requester.id === request.requester.id &&
    other.account.id === request.account.id &&
    other.permission_set.arn === request.permission_set.arn;
  return all.filter(isSame);
}

/** Until when these keep the access; nothing where there are none. */
export function keptUntil(others: RequestView[]): string | null {
  const ends = others.flatMap(({ window }) => (window === null ? [] : [window.expires_at]));
  return ends.toSorted().at(-1) ?? null;
}

interface OtherGrants {
  /** Nothing until the API has answered. */
  others: RequestView[] | undefined;
  /** The request itself as it is by now: its access may have begun meanwhile. */
  live: RequestView | undefined;
}

/** The grants that keep the access when this one ends. */
export function useOtherGrants(request: RequestView): OtherGrants {
  const list = useRequests({
    scope: "active",
    requester: request.requester.id,
    account: request.account.id,
    permission_set: request.permission_set.arn,
  });
  const live = list.items?.find(({ id }) => id === request.id);
  if (list.isError && list.items === undefined) return { others: [], live };
  return { others: list.items && keepingSame(request, list.items), live };
}
