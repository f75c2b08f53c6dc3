import { describe, expect, it } from "vitest";

import type { Evidence, RequestOutcome } from "../src/api/types";
import { closedSummary, closedText, endedUnbegun, EVIDENCE_TEXT } from "../src/features/requests/closings";
import en from "../src/messages/en.json";
import ja from "../src/messages/ja.json";

const EVIDENCE: [evidence: Evidence["kind"], stays: boolean][] = [
  ["observed-gone", false],
  ["proven-absent", false],
  ["held-by-another", true],
  ["pre-existing", true],
];
const ENDED: RequestOutcome[] = ["expired", "revoked", "failed"];

describe("a closed request", () => {
  it.each(EVIDENCE)("with the evidence %s says whether the access stays", (kind, expected) => {
    expect(/access stays/.test(en[EVIDENCE_TEXT[kind]])).toBe(expected);
    expect(/アクセスは残ります/.test(ja[EVIDENCE_TEXT[kind]])).toBe(expected);
  });

  it.each(ENDED)("that is %s is called by what the API says of the access", (outcome) => {
    const evidence = { kind: "observed-gone", at: "2026-11-22T05:00:00Z" } as const;
    expect(closedText(outcome, { evidence: { kind: "held-by-another" }, access_stays: true })).toBe(
      "event.closed.stays",
    );
    expect(closedText(outcome, { evidence, access_stays: false })).toBe(`event.closed.${outcome}`);
  });

  it("never says of access that stays that no session can be opened", () => {
    expect(en["closed.stays"]).toContain("can still be opened");
    expect(en["event.closed.stays"]).not.toMatch(/gone/i);
  });

  it("is told by its outcome where access never began", () => {
    const never = { evidence: null, access_stays: false };
    expect(closedText("denied", never)).toBe("event.closed.denied");
    expect(closedText("revoked", never)).toBe("event.closed.notBegun");
  });

  it("was ended before it began where no window was ever fixed", () => {
    const window = { starts_at: "2026-11-22T04:00:00Z", expires_at: "2026-11-22T05:00:00Z" };
    expect(endedUnbegun({ state: "closed", window: null })).toBe(true);
    expect(endedUnbegun({ state: "closed", window })).toBe(false);
    expect(endedUnbegun({ state: "activating", window })).toBe(false);
  });
});

describe("the line about a closed request", () => {
  const closed = {
    state: "closed",
    outcome: "expired",
    window: { starts_at: "2026-11-22T04:00:00Z", expires_at: "2026-11-22T05:00:00Z" },
    activated_at: "2026-11-22T04:00:05Z",
    ended_at: "2026-11-22T05:00:00Z",
    closed_at: "2026-11-22T05:02:10Z",
    open_sessions_until: null,
  } as const;
  const never = { ...closed, window: null, activated_at: null, ended_at: null };

  it.each([
    ["denied", "summary.noAccess"],
    ["withdrawn", "summary.noAccess"],
    ["lapsed", "summary.lapsed"],
    ["failed", "summary.noAccess"],
    ["revoked", "summary.revoked"],
  ] as const)("says of one that was %s before access that there was none, and when", (outcome, text) => {
    expect(closedSummary({ ...never, outcome })).toEqual({ text, at: closed.closed_at });
  });

  it("speaks of no time for access that was fixed and never came", () => {
    const failed = { ...closed, outcome: "failed", activated_at: null } as const;
    expect(closedSummary(failed)).toEqual({ text: "summary.noAccess", at: closed.closed_at });
  });

  it("gives the end of the access, not when it was seen gone", () => {
    expect(closedSummary(closed)).toEqual({ text: "summary.closed", at: closed.window.expires_at });
  });

  it("says that access ended early", () => {
    const revoked = { ...closed, outcome: "revoked", ended_at: "2026-11-22T04:30:00Z" } as const;
    expect(closedSummary(revoked)).toEqual({ early: true });
  });
});
