import { describe, expect, it } from "vitest";

import { Refused, Unreachable } from "../src/api/problem";
import type { Problem, VerdictView } from "../src/api/types";
import { isRefused, leftOut, obstacles } from "../src/features/request-form/obstacles";
import type { AccountVerdict } from "../src/features/request-form/useVerdicts";
import en from "../src/messages/en.json";
import ja from "../src/messages/ja.json";

const AT = "2026-11-22T04:00:00Z";

function verdict(outcome: VerdictView["outcome"], ...codes: string[]): VerdictView {
  return {
    outcome,
    reasons: codes.map((code) => ({ code, sentence: code, parameters: {} })),
    eligibility: null,
    max_duration_minutes: null,
    requirements: [],
    guardrails: [],
    starts_at: AT,
    expires_at: AT,
    open_sessions_until: AT,
    joined_window: null,
  };
}

const possible = verdict("no-approval-needed");

function answer(part: Partial<AccountVerdict>): AccountVerdict {
  return { account: "111122223333", verdict: undefined, error: null, stale: false, ...part };
}

function problem(code: string, status: number): Refused {
  const told: Problem = { type: `urn:kari:problem:${code}`, title: code, status, code, detail: code };
  return new Refused(told);
}

const codes = (answers: AccountVerdict[]) =>
  obstacles(answers).map((found) => ("error" in found ? found.error.message : found.reason.code));

describe("what stands against sending", () => {
  it.each([
    ["refused", "joined-window-too-long"],
    ["refused", "already-requested"],
    ["refused", "too-many-pending"],
    ["ineligible", "no-eligibility-policy"],
  ] as const)("is what the API foresees: %s, %s", (outcome, code) => {
    const refused = verdict(outcome, code);
    expect(isRefused(refused)).toBe(true);
    expect(codes([answer({ verdict: refused })])).toEqual([code]);
    const id = `reason.${code}`;
    expect([id in en, id in ja]).toEqual([true, true]);
  });

  it("is a question that is refused itself, whatever was answered before", () => {
    const past = problem("start-in-past", 422);
    expect(codes([answer({ error: past })])).toEqual(["start-in-past"]);
    expect(codes([answer({ error: past, verdict: possible })])).toEqual(["start-in-past"]);
  });

  it("is nothing that may pass, and nothing that is not known yet", () => {
    expect(codes([answer({ verdict: possible })])).toEqual([]);
    expect(codes([answer({ error: problem("unavailable", 503), verdict: possible })])).toEqual([]);
    expect(codes([answer({ error: new Unreachable() })])).toEqual([]);
    expect(codes([answer({ stale: true, verdict: verdict("refused", "already-requested") })])).toEqual([]);
    expect(codes([answer({})])).toEqual([]);
    expect(codes([])).toEqual([]);
  });

  it("leaves sending possible while one account may be asked for", () => {
    const refused = answer({ verdict: verdict("refused", "already-requested") });
    expect(codes([refused, answer({ verdict: possible })])).toEqual([]);
  });

  it("is told once where it is the same for several accounts", () => {
    const refused = answer({ verdict: verdict("refused", "already-requested") });
    const other = answer({ verdict: verdict("ineligible", "no-eligibility-policy") });
    expect(codes([refused, other, refused])).toEqual(["already-requested", "no-eligibility-policy"]);
  });
});

describe("the accounts that are left out", () => {
  const of = (account: string, part: Partial<AccountVerdict>) => answer({ account, ...part });

  it("are those that would be refused, and no others", () => {
    const answers = [
      of("1", { verdict: possible }),
      of("2", { verdict: verdict("refused", "already-requested") }),
      of("3", { error: problem("start-in-past", 422) }),
    ];
    const found = leftOut(answers);
    expect(found.map(({ account }) => account)).toEqual(["2", "3"]);
    expect(found.map(({ why }) => why.length)).toEqual([1, 1]);
  });

  it("are none while nothing certain is known against them", () => {
    const answers = [
      of("1", {}),
      of("2", { error: new Unreachable() }),
      of("3", { stale: true, verdict: verdict("refused", "already-requested") }),
    ];
    expect(leftOut(answers)).toEqual([]);
  });
});
