import { keepPreviousData, useQueries } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import type { VerdictView } from "../../api/types";

export interface Question {
  permissionSet: string;
  durationMinutes: number;
  start: string | null;
  ticket: string;
}

export interface AccountVerdict {
  account: string;
  verdict: VerdictView | undefined;
  error: Error | null;
  stale: boolean;
}

/** The API's answer for each account, asked anew whenever the question changes and as time passes. */
export function useVerdicts(accounts: string[], question: Question | undefined): AccountVerdict[] {
  const answers = useQueries({
    queries: accounts.map((account) => ({
      queryKey: ["verdict", account, question],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.verdict(
          {
            account,
            permission_set: question?.permissionSet,
            duration_minutes: question?.durationMinutes,
            start: question?.start,
            ticket: question?.ticket,
          },
          signal,
        ),
      enabled: question !== undefined,
      refetchInterval: 15_000,
      placeholderData: keepPreviousData<VerdictView>,
    })),
  });
  return accounts.map((account, index) => ({
    account,
    verdict: question === undefined ? undefined : answers[index]?.data,
    error: answers[index]?.error ?? null,
    stale: answers[index]?.isPlaceholderData ?? false,
  }));
}
