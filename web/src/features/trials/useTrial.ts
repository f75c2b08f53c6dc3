import { useMutation } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import type { PolicyKind, Trial } from "../../api/types";

/** A change that is only thought of, in the API's words: `{"guardrails": {…}}` or `{"delete": {…}}`. */
export type Change = Record<string, unknown> | null;

export const deletion = (kind: PolicyKind, id: string): Change => ({ delete: { kind, id } });

export interface Question {
  account: string;
  permissionSet: string;
  change: Change;
}

/** What is asked, and whether an answer is to that. */
export const sameQuestion = (a: Question | undefined, b: Question) => JSON.stringify(a) === JSON.stringify(b);

export function useTrial() {
  return useMutation({
    mutationFn: ({ account, permissionSet, change }: Question): Promise<Trial> =>
      api.tryPolicies({ account, permission_set: permissionSet, change }),
  });
}
