import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import type { AnyPolicy, PolicyKind, Versioned } from "../../api/types";
import { allParts } from "./parts";

export function usePolicies<K extends PolicyKind>(kind: K) {
  return useQuery({
    queryKey: ["policies", kind],
    queryFn: async ({ signal }) => ({
      items: await allParts((cursor) => api.policies(kind, { cursor }, signal)),
    }),
    refetchInterval: 15_000,
  });
}

/** What is worth knowing about all policies. */
export function usePolicyFindings() {
  return useQuery({
    queryKey: ["policies", "findings"],
    queryFn: ({ signal }) => api.policyFindings(signal),
    refetchInterval: 60_000,
  });
}

export type Change =
  | { type: "create"; policy: unknown }
  | { type: "update"; before: Versioned<AnyPolicy>; policy: unknown }
  | { type: "delete"; before: Versioned<AnyPolicy> };

/** Changes a policy only if it is still the version that was looked at. */
export function useChangePolicy(kind: PolicyKind) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (change: Change): Promise<void> => {
      switch (change.type) {
        case "create":
          await api.createPolicy(kind, change.policy);
          return;
        case "update":
          await api.updatePolicy(kind, change.before.policy.id, change.before.version, change.policy);
          return;
        case "delete":
          await api.deletePolicy(kind, change.before.policy.id, change.before.version);
      }
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["policies"] }),
        client.invalidateQueries({ queryKey: ["settings"] }),
        client.invalidateQueries({ queryKey: ["eligibility"] }),
      ]),
  });
}
