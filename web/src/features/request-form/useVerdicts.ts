import { useQueries, useQueryClient, type QueryClient } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import { mayPass } from "../../api/problem";
import type { VerdictView } from "../../api/types";
import { newestAnswer } from "../../app/newestAnswer";

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
  /** Whether it is the answer to a question that was asked before. */
  stale: boolean;
}

/** What was last said of an account and a permission set, whatever else was asked for. */
export function lastVerdict(
  client: QueryClient,
  account: string,
  { permissionSet }: Pick<Question, "permissionSet">,
): VerdictView | undefined {
  return newestAnswer(client, ["verdict", account, { permissionSet }]) as VerdictView | undefined;
}

/** The question about one account; until it is answered the last verdict stands in. */
export const verdictQuery = (client: QueryClient, account: string, question: Question | undefined) => ({
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
  // What is refused stays so: to ask again would each time show the last verdict for a moment, and let it be sent.
  refetchInterval: ({ state }: { state: { error: Error | null } }) =>
    state.error !== null && !mayPass(state.error) ? false : 15_000,
  placeholderData: () => question && lastVerdict(client, account, question),
});

/** The API's answer for each account, asked anew whenever the question changes and as time passes. */
export function useVerdicts(accounts: string[], question: Question | undefined): AccountVerdict[] {
  const client = useQueryClient();
  const answers = useQueries({ queries: accounts.map((account) => verdictQuery(client, account, question)) });
  return accounts.map((account, index) => ({
    account,
    verdict: question === undefined ? undefined : answers[index]?.data,
    error: answers[index]?.error ?? null,
    stale: answers[index]?.isPlaceholderData ?? false,
  }));
}
