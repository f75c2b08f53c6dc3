import { describe, expect, it } from "vitest";

import type { RequestAction, RequestView } from "../src/api/types";
import { hasApproved, needs, unmet } from "../src/features/reviews/needs";

const person = (id: string) => ({ id, display_name: id, user_name: id });
const requirement = (name: string, metBy: string[], reviewers: string[], count = reviewers.length) => ({
  policy: { id: name, name, version: 1 },
  quorum: 1,
  portal_only: false,
  met_by: metBy.map(person),
  reviewers: reviewers.map(person),
  reviewers_count: count,
});
type Requirement = RequestView["requirements"][number];

const request = (requirements: Requirement[], actions: RequestAction[] = ["approve", "deny"]) => ({
  requirements,
  actions,
  reviews: [],
});

describe("a request", () => {
  it("waits for whom a requirement still misses", () => {
    expect(needs(request([requirement("leads", [], ["bob"])]), "bob")).toBe(true);
  });

  it("waits for others where the reader's requirements have all they need", () => {
    const waiting = request([
      requirement("leads", ["misaki"], ["bob"]),
      requirement("security", [], ["takumi"]),
    ]);
    expect(needs(waiting, "bob")).toBe(false);
    expect(needs(waiting, "takumi")).toBe(true);
    expect(unmet(waiting).map(({ policy }) => policy.name)).toEqual(["security"]);
  });

  it("waits for others once the reader has approved", () => {
    const waiting = request([requirement("security", [], ["takumi"])], ["deny"]);
    expect(needs(waiting, "bob")).toBe(false);
  });

  it("may wait for anybody where not all who could approve are named", () => {
    expect(needs(request([requirement("leads", [], ["misaki"], 30)]), "bob")).toBe(true);
  });

  it("knows who approved it", () => {
    const at = "2026-11-22T04:00:00Z";
    const reviews: RequestView["reviews"] = [
      { reviewer: person("bob"), decision: "approve", comment: null, at },
      { reviewer: person("misaki"), decision: "deny", comment: null, at },
    ];
    expect([hasApproved({ reviews }, "bob"), hasApproved({ reviews }, "misaki")]).toEqual([true, false]);
  });
});
