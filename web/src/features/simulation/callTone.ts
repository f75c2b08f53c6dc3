export type Tone = "good" | "waiting" | "bad";

const GOOD = /^(ok|done|succeeded|success|listed|found|absent|present)/i;
const WAITING = /^(accepted|in.?progress|pending|started)/i;

/**
 * How an outcome looks: a call that went well and told a status looks as that does. Anything that is neither done nor
 * under way is trouble.
 */
export function toneOf(outcome: string): Tone {
  const told = outcome.replace(/^ok · /, "");
  if (GOOD.test(told)) return "good";
  return WAITING.test(told) ? "waiting" : "bad";
}
