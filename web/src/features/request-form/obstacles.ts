import { mayPass } from "../../api/problem";
import type { Reason, VerdictView } from "../../api/types";
import type { AccountVerdict } from "./useVerdicts";

/** Something because of which the API would refuse what is filled in. */
export type Obstacle = { reason: Reason } | { error: Error };

/** Whether it would be refused: the API names the reasons then, and only then. */
export function isRefused(verdict: VerdictView): boolean {
  return verdict.reasons.length > 0;
}

function obstaclesOf({ verdict, error, stale }: AccountVerdict): Obstacle[] {
  // An answer that came before is no comfort once the question itself is refused.
  if (error !== null && !mayPass(error)) return [{ error }];
  return stale || verdict === undefined ? [] : verdict.reasons.map((reason) => ({ reason }));
}

/** Why nothing can be sent, each reason once; empty while some account may be asked for. */
export function obstacles(verdicts: AccountVerdict[]): Obstacle[] {
  const found = verdicts.map(obstaclesOf);
  if (found.some((ofAccount) => ofAccount.length === 0)) return [];
  const told = (obstacle: Obstacle) =>
    "error" in obstacle ? obstacle.error.message : JSON.stringify(obstacle.reason);
  return [...new Map(found.flat().map((obstacle) => [told(obstacle), obstacle])).values()];
}

/** An account for which nothing is sent, and why. */
export interface LeftOut {
  account: string;
  why: Obstacle[];
}

/** The accounts that would be refused, as far as is known. */
export function leftOut(verdicts: AccountVerdict[]): LeftOut[] {
  const all = verdicts.map((verdict) => ({ account: verdict.account, why: obstaclesOf(verdict) }));
  return all.filter(({ why }) => why.length > 0);
}
