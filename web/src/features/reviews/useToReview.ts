import { useMe } from "../../app/useMe";
import { useRequests } from "../requests/queries";
import { needs } from "./needs";

/** What one may review, apart: what waits for oneself, and what waits for others only. */
export function useToReview(enabled = true) {
  const { data: me } = useMe();
  const list = useRequests({ scope: "to-review" }, enabled);
  const person = me?.user.id ?? "";
  return {
    list,
    mine: list.items?.filter((request) => needs(request, person)),
    others: list.items?.filter((request) => !needs(request, person)) ?? [],
  };
}

/** How many requests wait for the caller: of those the API counts, the ones that need nobody else. */
export function useWaitingForMe(): number {
  const { data: me } = useMe();
  const counted = me?.to_review ?? 0;
  const { others } = useToReview(counted > 0);
  return counted === 0 ? 0 : Math.max(0, counted - others.length);
}
