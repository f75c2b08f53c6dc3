import { expect, it } from "vitest";

import type { AuditRecord } from "../src/api/types";
import { jsonLines } from "../src/features/audit/download";
import { EMPTY_FILTER, queryOf } from "../src/features/audit/filter";
import { KIND_TEXT, kindTextOf } from "../src/features/audit/kinds";
import { isReadable, keyOf } from "../src/features/audit/records";
import { idsIn } from "../src/features/audit/StreamLabel";

it("days of the audit filter are the reader's own, and both are included", () => {
  const query = queryOf({ ...EMPTY_FILTER, from: "2026-11-22", to: "2026-11-23" });
  expect(Date.parse(String(query.from))).toBe(new Date(2026, 10, 22).getTime());
  expect(Date.parse(String(query.to))).toBe(new Date(2026, 10, 24).getTime());
});

it("an empty audit filter asks for everything", () => {
  expect(Object.values(queryOf(EMPTY_FILTER)).filter((value) => value !== undefined && value !== "")).toEqual(
    [],
  );
});

const recorded: AuditRecord = {
  stream: "policies",
  sequence: 1,
  at: "2026-11-22T04:00:00Z",
  actor: { type: "user", id: "u-1", label: "Adam" },
  cause: "api",
  append: "0",
  kind: "policy-created",
  version: 1,
  data: {},
  previous: "0",
};
const unreadable: AuditRecord = {
  stream: "",
  sequence: 0,
  at: null,
  kind: "",
  unreadable: '{"cause":"telepathy"}',
};

it("a record that cannot be read is told from the others, and downloaded as it is stored", () => {
  expect([recorded, unreadable].map(isReadable)).toEqual([true, false]);
  expect(keyOf(unreadable)).not.toBe(keyOf({ ...unreadable, unreadable: "{}" }));
  expect(jsonLines([recorded, unreadable]).split("\n")[1]).toBe(unreadable.unreadable);
});

it("a review is told as the approval or denial that it was", () => {
  const reviewed = (data: unknown): AuditRecord => ({ ...recorded, kind: "reviewed", data });
  expect(kindTextOf(reviewed({ review: { decision: "approve" } }))).toBe("kind.reviewed.approve");
  expect(kindTextOf(reviewed({ review: { decision: "deny" } }))).toBe("kind.reviewed.deny");
  for (const unknown of [{}, { review: {} }, { review: { decision: "defer" } }])
    expect(kindTextOf(reviewed(unknown))).toBe(KIND_TEXT.reviewed);
  expect(kindTextOf(recorded)).toBe("kind.policyCreated");
});

it("a closing is told with its outcome", () => {
  const closed = (data: unknown): AuditRecord => ({ ...recorded, kind: "closed", data });
  for (const outcome of ["denied", "withdrawn", "lapsed", "failed", "expired", "revoked"])
    expect(kindTextOf(closed({ outcome }))).toBe(`kind.closed.${outcome}`);
  expect(kindTextOf(closed({ outcome: "postponed" }))).toBe(KIND_TEXT.closed);
});

it("the directory is not asked for the name of a channel", () => {
  expect(idsIn("channels/slack")).toEqual([]);
  expect(idsIn("assignment/210000000031/u-1")).toEqual(["210000000031", "u-1"]);
});
