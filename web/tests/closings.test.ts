import { describe, expect, it } from "vitest";

import type { Evidence, RequestOutcome } from "../src/api/types";
import { closedText, EVIDENCE_TEXT, stays } from "../src/features/requests/closings";
import en from "../src/messages/en.json";
import ja from "../src/messages/ja.json";

const EVIDENCE: [evidence: Evidence, stays: boolean][] = [
  [{ kind: "observed-gone", at: "2026-11-22T04:00:00Z" }, false],
  [{ kind: "proven-absent", proof: "user" }, false],
  [{ kind: "held-by-another" }, true],
  [{ kind: "pre-existing" }, true],
];
const ENDED: RequestOutcome[] = ["expired", "revoked", "failed"];

describe("a closed request", () => {
  it.each(EVIDENCE)("with the evidence %o says whether the access stays", (evidence, expected) => {
    expect(stays(evidence)).toBe(expected);
    for (const outcome of ENDED)
      expect(closedText(outcome, evidence) === "event.closed.stays").toBe(expected);
    expect(/access stays/.test(en[EVIDENCE_TEXT[evidence.kind]])).toBe(expected);
    expect(/アクセスは残ります/.test(ja[EVIDENCE_TEXT[evidence.kind]])).toBe(expected);
  });

  it("never says of access that stays that no session can be opened", () => {
    expect(en["closed.stays"]).toContain("can still be opened");
    expect(en["event.closed.stays"]).not.toMatch(/gone/i);
  });

  it("is told by its outcome where access never began", () => {
    expect(stays(null)).toBe(false);
    expect(closedText("denied", null)).toBe("event.closed.denied");
  });
});
