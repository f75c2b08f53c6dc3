import { describe, expect, it } from "vitest";

import type { Refused } from "../src/api/problem";
import type { Reason } from "../src/api/types";
import { problemsAt, withoutFields } from "../src/app/problems";
import { badPolicy, changedFields, formProblems } from "../src/features/policies/formProblems";
import { BLANK, type Draft } from "../src/features/policies/whole";

const fieldsOf = (reasons: Reason[]) =>
  reasons.map(({ code, parameters }) => `${code} ${(parameters as { field?: string }).field ?? ""}`);

describe("a policy that is not filled in", () => {
  it("is told everything at once", () => {
    const draft: Draft = { kind: "eligibility", policy: { ...BLANK.eligibility(), max_duration_minutes: 5 } };
    expect(fieldsOf(formProblems(draft))).toEqual([
      "length name",
      "malformed-policy-id id",
      "empty-list principals",
      "empty-list permission_sets",
      "empty-list targets",
      "out-of-range max_duration_minutes",
    ]);
  });

  it("is told of its requirements, whichever lacks something", () => {
    const nobodyNeeded = { reviewers: { users: ["u-1"], groups: [] }, quorum: 0 };
    const policy = {
      ...BLANK.approvers(),
      id: "leads",
      name: "Leads",
      targets: { ...BLANK.approvers().targets, all: true },
      requirements: [nobodyNeeded, ...BLANK.approvers().requirements],
    };
    const draft = { kind: "approvers", policy } as Draft;
    expect(fieldsOf(formProblems(draft))).toEqual([
      "out-of-range requirements.quorum",
      "empty-list requirements.reviewers",
    ]);
  });

  it("is taken once everything is there: what makes sense is for the API to say", () => {
    const policy = { ...BLANK.guardrails(), id: "short", name: "Short" };
    expect(formProblems({ kind: "guardrails", policy })).toEqual([]);
  });
});

describe("what was said against a field", () => {
  const error = badPolicy(
    formProblems({ kind: "guardrails", policy: { ...BLANK.guardrails(), effect: { cap: { minutes: 0 } } } }),
  );

  it("is gone once the field is another one, and the rest stays", () => {
    const before = BLANK.guardrails();
    const changed = changedFields(before, { ...before, name: "Short" });
    expect(changed).toEqual(["name"]);
    const left = withoutFields(error, changed) as Refused;
    expect(problemsAt(left, "name")).toEqual([]);
    expect(problemsAt(left, "effect")).toHaveLength(1);
  });

  it("leaves nothing once all of them are", () => {
    expect(withoutFields(error, ["name", "id", "effect"])).toBeNull();
    expect(withoutFields(error, [])).toBe(error);
    expect(withoutFields(new Error("no answer"), ["name"])).toBeInstanceOf(Error);
  });
});
