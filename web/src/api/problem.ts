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

/** Whether trying the very same thing again can help. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof Refused) || error.problem.status >= 500 || error.problem.status === 429;
}

export function isNotFound(error: unknown): boolean {
  return error instanceof Refused && error.problem.status === 404;
}
