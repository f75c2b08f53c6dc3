import { describe, expect, it } from "vitest";

import type { RequestOutcome, RequestState } from "../src/api/types";
import { NEWS } from "../src/features/inbox/kinds";
import { lookOf, OUTCOME_LOOK, STATE_LOOK } from "../src/features/requests/badges";
import { toneOf } from "../src/features/simulation/callTone";
import en from "../src/messages/en.json";

describe("badges", () => {
  const looks = [...Object.values(STATE_LOOK), ...Object.values(OUTCOME_LOOK)];

  it("have a text of their own for each state and outcome", () => {
    const texts = looks.map(({ text }) => en[text]);
    expect(new Set(texts).size).toBe(looks.length);
  });

  it("show the outcome of what is closed and the state of everything else", () => {
    const outcomes = Object.keys(OUTCOME_LOOK) as RequestOutcome[];
    for (const outcome of outcomes) expect(lookOf({ state: "closed", outcome })).toBe(OUTCOME_LOOK[outcome]);
    const states = Object.keys(STATE_LOOK) as Exclude<RequestState, "closed">[];
    for (const state of states) expect(lookOf({ state, outcome: null })).toBe(STATE_LOOK[state]);
  });

  it("never call what may still be in use gone", () => {
    expect(lookOf({ state: "ending", outcome: "expired" }).type).toBe("in-progress");
  });
});

it("every kind of news has a sentence", () => {
  for (const { text } of Object.values(NEWS)) expect(en[text]).toBeDefined();
});

describe("calls to Identity Center", () => {
  it.each([
    ["succeeded", "good"],
    ["accepted", "waiting"],
    ["ThrottlingException", "bad"],
    ["NoAnswer", "bad"],
  ])("that were %s look %s", (outcome, tone) => {
    expect(toneOf(outcome)).toBe(tone);
  });
});
