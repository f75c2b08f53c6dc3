import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";

import * as api from "../../api/endpoints";
import { mayPass, Refused } from "../../api/problem";
import type { Submission, SubmissionAnswer } from "../../api/types";
import { refreshRequests } from "../requests/queries";
import { Attempts } from "./attempt";

/** Sends the request. What every account answered comes back alike, whether some or all refused. */
export function useSubmit() {
  const client = useQueryClient();
  const attempts = useRef(new Attempts());
  return useMutation({
    mutationFn: async (submission: Submission): Promise<SubmissionAnswer> => {
      const key = attempts.current.keyFor(submission);
      try {
        const answer = await api.submit(submission, key);
        attempts.current.answered();
        return answer;
      } catch (error) {
        if (!mayPass(error)) attempts.current.answered();
        const results = error instanceof Refused ? error.problem.results : undefined;
        if (results && results.length > 1) return { batch: null, results };
        throw error;
      }
    },
    onSettled: () => refreshRequests(client),
  });
}
