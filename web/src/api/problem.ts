import type { Problem } from "./types";

/** The API said no, in the one shape all its errors have. */
export class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** No answer came: whether the server did anything is unknown. */
export class Unreachable extends Error {}

/** How signing in can come to nothing; the words are the problem's of that code. */
export type WhyNotSignedIn = "sign-in-denied" | "sign-in-failed" | "sign-in-not-taken";

/** Signing in came to nothing, at the identity provider or because the API does not take what it gave. */
export class NotSignedIn extends Error {
  readonly code: WhyNotSignedIn;
  constructor(code: WhyNotSignedIn) {
    super(code);
    this.code = code;
  }
}

/** Whether trying the very same thing again can help. */
export function mayPass(error: unknown): boolean {
  if (error instanceof NotSignedIn) return error.code !== "sign-in-not-taken";
  return !(error instanceof Refused) || error.problem.status >= 500 || error.problem.status === 429;
}

/** Whether somebody has signed in, but is nobody whom the API lets in. */
export function isOfStranger(error: unknown): boolean {
  return error instanceof NotSignedIn || (error instanceof Refused && error.problem.status === 403);
}

export function isNotFound(error: unknown): boolean {
  return error instanceof Refused && error.problem.status === 404;
}
