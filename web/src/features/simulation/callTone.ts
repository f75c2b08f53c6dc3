export type Tone = "good" | "waiting" | "bad";

const GOOD = /^(ok|done|succeeded|success|listed|found|absent|present)/i;
const WAITING = /^(accepted|in.?progress|pending|started)/i;

/** How an outcome looks. Anything that is neither done nor under way is trouble. */
export function toneOf(outcome: string): Tone {
  if (GOOD.test(outcome)) return "good";
  return WAITING.test(outcome) ? "waiting" : "bad";
}
