import { describe, expect, it } from "vitest";

import type { Trial, Tried } from "../src/api/types";
import { alike, anythingDiffers, approversDiffer } from "../src/features/trials/groups";

const person = (name: string) => ({ id: name, display_name: name, user_name: name });
const reach = (minutes: number) => ({
  max_duration_minutes: minutes,
  max_duration_without_approval_minutes: null,
  ticket_required: false,
});
const gains = (name: string, minutes: number): Tried => ({
  person: person(name),
  difference: "gains",
  before: null,
  after: reach(minutes),
  reasons: [],
});
const requirement = (version: number, ...names: string[]) => ({
  policy: { id: "leads", name: "Leads", version },
  quorum: 1,
  reviewers: names.map(person),
  reviewers_count: names.length,
});
const trial = (part: Partial<Trial>): Trial => ({
  people: [],
  counts: { gains: 0, loses: 0, changes: 0, keeps: 0, refused: 0 },
  requirements_before: [],
  requirements_after: [],
  directory_synced_at: "2026-11-22T04:00:00Z",
  ...part,
});

describe("a trial", () => {
  it("tells people together for whom it would be the same", () => {
    const groups = alike([gains("a", 60), gains("b", 120), gains("c", 60)]);
    expect(groups.map(({ names }) => names)).toEqual([["a", "c"], ["b"]]);
  });

  it("says that nothing differs where only the policy's version would", () => {
    const same = trial({
      requirements_before: [requirement(1, "bob")],
      requirements_after: [requirement(2, "bob")],
    });
    expect(approversDiffer(same)).toBe(false);
    expect(anythingDiffers(same)).toBe(false);
  });

  it("says so where other people would approve", () => {
    const other = trial({
      requirements_before: [requirement(1, "bob")],
      requirements_after: [requirement(1, "bob", "misaki")],
    });
    expect(anythingDiffers(other)).toBe(true);
  });

  it("does not take those who keep or are refused for a difference", () => {
    const kept = { gains: 0, loses: 0, changes: 0, keeps: 4, refused: 2 };
    expect(anythingDiffers(trial({ counts: kept }))).toBe(false);
    expect(anythingDiffers(trial({ counts: { ...kept, changes: 1 } }))).toBe(true);
  });
});
