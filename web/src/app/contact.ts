import type { FetchStatus } from "@tanstack/react-query";

import { isOfStranger, Refused } from "../api/problem";

/** Whether the server answers, or nothing is heard of it. */
export type Contact = "kept" | "lost";

interface Question {
  fetchStatus: FetchStatus;
  error: unknown;
}

/** What the last question shows; nothing while the next one is under way. */
export function contactOf({ fetchStatus, error }: Question): Contact | undefined {
  if (fetchStatus === "fetching") return undefined;
  // Without a network nothing is even asked.
  if (fetchStatus === "paused") return "lost";
  return error === null || error instanceof Refused || isOfStranger(error) ? "kept" : "lost";
}
