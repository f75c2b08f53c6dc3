import { Refused } from "../api/problem";
import type { Reason } from "../api/types";

/** `change.guardrails.effect.cap.minutes` is the field `effect.cap.minutes` of the policy. */
const WITHIN = /^change\.[a-z]+\./;

function fieldOf(reason: Reason): string {
  const { field } = reason.parameters as { field?: unknown };
  return typeof field === "string" ? field.replace(WITHIN, "") : "";
}

const lies = (field: string, within: string) =>
  field === within || field.startsWith(`${within}.`) || field.startsWith(`${within}[`);

/** The same error without what it says against these fields; nothing once nothing is left of it. */
export function withoutFields(error: unknown, fields: string[]): unknown {
  if (!(error instanceof Refused) || error.problem.reasons === undefined || fields.length === 0) return error;
  const reasons = error.problem.reasons.filter(
    (reason) => !fields.some((field) => lies(fieldOf(reason), field)),
  );
  if (reasons.length === error.problem.reasons.length) return error;
  return reasons.length === 0 ? null : new Refused({ ...error.problem, reasons });
}

/** What is said of no field, and so can stand beside none. */
export const isOfNoField = (reason: Reason): boolean => fieldOf(reason) === "";

/** What the server says against a field, or against something within it. */
export function problemsAt(error: unknown, within: string): Reason[] {
  if (!(error instanceof Refused)) return [];
  const seen = new Set<string>();
  return (error.problem.reasons ?? []).filter((reason) => {
    const key = JSON.stringify([reason.code, reason.parameters]);
    if (seen.has(key) || !lies(fieldOf(reason), within)) return false;
    seen.add(key);
    return true;
  });
}
