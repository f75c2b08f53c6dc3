import { expect, it } from "vitest";

import type { RequestView } from "../src/api/types";
import { hasApproved, unmet } from "../src/features/reviews/needs";

const person = (id: string) => ({ id, display_name: id, user_name: id });
const requirement = (name: string, met: boolean): RequestView["requirements"][number] => ({
  policy: { id: name, name, version: 1 },
  quorum: 1,
  portal_only: false,
  met_by: [],
  met,
  reviewers: [],
  reviewers_count: 0,
});

it("names the requirements that are not met yet, by the word of the API", () => {
  const requirements = [requirement("leads", true), requirement("security", false)];
  expect(unmet({ requirements }).map(({ policy }) => policy.name)).toEqual(["security"]);
});

it("knows who approved a request", () => {
  const at = "2026-11-22T04:00:00Z";
  const reviews: RequestView["reviews"] = [
    { reviewer: person("bob"), decision: "approve", comment: null, at },
    { reviewer: person("misaki"), decision: "deny", comment: null, at },
  ];
  expect([hasApproved({ reviews }, "bob"), hasApproved({ reviews }, "misaki")]).toEqual([true, false]);
});
