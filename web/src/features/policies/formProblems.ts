import { Refused } from "../../api/problem";
import type { Reason } from "../../api/types";
import type { Draft } from "./whole";

const reason = (code: string, parameters: object): Reason =>
  ({ code, sentence: code, parameters }) as unknown as Reason;

const ID = /^[a-z0-9-]{1,64}$/;
export const NAME = { lowest: 1, highest: 100 };
export const NOTE = 500;
export const QUORUM = { lowest: 1, highest: 10 };
const MINUTES = { lowest: 15, highest: 7 * 24 * 60 };

const countOf = (lists: Record<string, unknown>): number =>
  Object.values(lists).reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);

/**
 * What is still empty, too long or out of range, all at once: the API stops at the first text or number
 * that it cannot read at all. Everything else is for the API to say.
 */
export function formProblems(draft: Draft): Reason[] {
  return [...nameProblems(draft), ...scopeProblems(draft), ...ruleProblems(draft)];
}

function nameProblems({ policy: { id, name } }: Draft): Reason[] {
  const length = Array.from(name.trim()).length;
  const named = length >= NAME.lowest && length <= NAME.highest;
  return [
    ...(named ? [] : [reason("length", { field: "name", ...NAME })]),
    ...(ID.test(id) ? [] : [reason("malformed-policy-id", { field: "id" })]),
  ];
}

function scopeProblems(draft: Draft): Reason[] {
  const { targets, permission_sets: sets } = draft.policy;
  const nobody =
    draft.kind !== "approvers" && !draft.policy.principals.everyone && countOf(draft.policy.principals) === 0;
  const nowhere = !targets.all && targets.accounts.length + targets.units.length === 0;
  const nothing = sets !== "all" && sets.these.length === 0;
  const empty = [nobody && "principals", nothing && "permission_sets", nowhere && "targets"];
  return empty.filter((field) => field !== false).map((field) => reason("empty-list", { field }));
}

const outside = (value: number, { lowest, highest }: { lowest: number; highest: number }) =>
  value < lowest || value > highest;

function ruleProblems({ kind, policy }: Draft): Reason[] {
  switch (kind) {
    case "eligibility": {
      const note = policy.note !== null && Array.from(policy.note).length > NOTE;
      return [
        ...minutesProblem("max_duration_minutes", policy.max_duration_minutes),
        ...(note ? [reason("text-too-long", { field: "note", longest: NOTE })] : []),
      ];
    }
    case "guardrails":
      return typeof policy.effect === "string"
        ? []
        : minutesProblem("effect.cap.minutes", policy.effect.cap.minutes);
    case "approvers": {
      const { requirements } = policy;
      const quorum = requirements.some((requirement) => outside(requirement.quorum, QUORUM));
      const reviewers = requirements.some((requirement) => countOf(requirement.reviewers) === 0);
      return [
        ...(requirements.length === 0 ? [reason("empty-list", { field: "requirements" })] : []),
        ...(quorum ? [reason("out-of-range", { field: "requirements.quorum", ...QUORUM })] : []),
        ...(reviewers ? [reason("empty-list", { field: "requirements.reviewers" })] : []),
      ];
    }
  }
}

const minutesProblem = (field: string, minutes: number): Reason[] =>
  outside(minutes, MINUTES) ? [reason("out-of-range", { field, ...MINUTES })] : [];

/** The same error as the API would answer with. */
export const badPolicy = (reasons: Reason[]): Refused =>
  new Refused({
    type: "urn:kari:problem:bad-policy",
    title: "Bad policy",
    status: 422,
    code: "bad-policy",
    detail: "The policy cannot be taken like this.",
    reasons,
  });

/** The fields in which two versions of a policy differ. */
export function changedFields(before: Draft["policy"], after: Draft["policy"]): string[] {
  const old = before as unknown as Record<string, unknown>;
  return Object.entries(after)
    .filter(([field, value]) => JSON.stringify(old[field]) !== JSON.stringify(value))
    .map(([field]) => field);
}
