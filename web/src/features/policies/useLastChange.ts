import { useQuery } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import { isReadable } from "../audit/records";

export interface LastChange {
  name: string;
  at: string;
}

/** So many of the latest changes of policies are looked through. */
const LOOKED_THROUGH = 50;

/** Who made a policy what it is in this version, and when, as far as the audit says. */
export function useLastChange(version: number | undefined): LastChange | undefined {
  const { data } = useQuery({
    queryKey: ["policies", "last-change", version],
    queryFn: ({ signal }) => api.audit({ stream: "policies", limit: LOOKED_THROUGH }, signal),
    enabled: version !== undefined,
  });
  // The version of a policy is the place of its last change in the stream of all policies.
  const change = data?.items.filter(isReadable).find(({ sequence }) => sequence === version);
  return change?.actor.type === "user" ? { name: change.actor.label, at: change.at } : undefined;
}
