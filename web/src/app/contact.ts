import type { FetchStatus } from "@tanstack/react-query";

import { isOfStranger, Refused } from "../api/problem";

/** Whether the server answers, nothing is heard of it, or it does not know any more who asks. */
export type Contact = "kept" | "lost" | "signed-out";

interface Question {
  fetchStatus: FetchStatus;
  error: unknown;
}

/** What the last question shows; nothing while the next one is under way. */
export function contactOf({ fetchStatus, error }: Question): Contact | undefined {
  if (fetchStatus === "fetching") return undefined;
  // Said only where the session could not be renewed either.
  if (error instanceof Refused && error.problem.status === 401) return "signed-out";
  return error === null || error instanceof Refused || isOfStranger(error) ? "kept" : "lost";
}
