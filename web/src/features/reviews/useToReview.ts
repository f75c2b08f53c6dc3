import { useMe } from "../../app/useMe";
import { useRequests } from "../requests/queries";

/** What one may review, apart: what waits for oneself, and what waits for others only. */
export function useToReview() {
  const list = useRequests({ scope: "to-review" });
  return {
    list,
    mine: list.items?.filter((request) => request.waits_for_caller),
    others: list.items?.filter((request) => !request.waits_for_caller) ?? [],
  };
}

/** How many requests wait for the caller, and not only for others. */
export const useWaitingForMe = (): number => useMe().data?.to_review ?? 0;
