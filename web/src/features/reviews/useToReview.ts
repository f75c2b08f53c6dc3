import { useMe } from "../../app/useMe";
import { useRequests } from "../requests/queries";
import { useOrderSeen } from "../requests/useOrderSeen";

/** What one may review, apart: what waits for oneself, and what waits for others only. */
export function useToReview() {
  const list = useRequests({ scope: "to-review" });
  const items = useOrderSeen(list.items ?? []);
  return {
    list,
    mine: items.filter((request) => request.waits_for_caller),
    others: items.filter((request) => !request.waits_for_caller),
  };
}

/** How many requests wait for the caller, and not only for others. */
export const useWaitingForMe = (): number => useMe().data?.to_review ?? 0;
