import { describe, expect, it } from "vitest";

import { Refused, Unreachable } from "../src/api/problem";
import { toneOf } from "../src/features/simulation/callTone";
import {
  countedKept,
  heardFrom,
  lostContact,
  NEWBORN,
  notCrashed,
  pressedCrash,
  tally,
  type Instant,
} from "../src/features/simulation/kariLife";

const HOUR = 3_600_000;

/** On a server whose clock runs ahead, by an hour if not said otherwise. */
const at = (real: number, ahead = HOUR): Instant => ({ real, server: real + ahead });

const running = heardFrom(NEWBORN, "first", at(0));

describe("the life of the process, as the theatre tells it", () => {
  it("goes on while the same process answers", () => {
    expect(heardFrom(running, "first", at(1000))).toBe(running);
    expect(running.up).toBe(true);
  });

  it("counts as down from the press on, even if the dying process still answers", () => {
    const dying = heardFrom(pressedCrash(running, at(1000)), "first", at(1010));
    expect(dying.up).toBe(false);
  });

  it("tells how long it took until another process answered", () => {
    const back = heardFrom(lostContact(pressedCrash(running, at(1000)), at(1100)), "second", at(2200));
    expect(back).toMatchObject({ up: true, boot: "second", crash: { at: HOUR + 1000, backAfterMs: 1200 } });
    expect(countedKept(back, 3, 3).crash?.kept).toEqual({ before: 3, after: 3 });
  });

  it("keeps the server's time of the crash when time is skipped before it is back", () => {
    const back = heardFrom(pressedCrash(running, at(1000)), "second", at(2200, 25 * HOUR));
    expect(back.crash).toMatchObject({ at: HOUR + 1000, backAfterMs: 1200 });
  });

  it("tells of crashes that nobody pressed", () => {
    const back = heardFrom(lostContact(running, at(1000)), "second", at(1500));
    expect(back.crash).toMatchObject({ at: HOUR + 1000, backAfterMs: 500 });
  });

  it("is no crash if only the network was away, or the press was refused", () => {
    expect(heardFrom(lostContact(running, at(1000)), "first", at(1500))).toMatchObject({
      up: true,
      crash: undefined,
    });
    expect(notCrashed(pressedCrash(running, at(1000))).up).toBe(true);
  });
});

it("a request is missing only where that was told, not where the call failed", () => {
  const refused = (status: number) => ({
    status: "rejected" as const,
    reason: new Refused({ type: "", title: "", status, code: "", detail: "" }),
  });
  const found = { status: "fulfilled" as const, value: {} };
  const failed = { status: "rejected" as const, reason: new Unreachable() };
  expect(tally([found, found, failed, refused(503)])).toEqual({ before: 2, after: 2 });
  expect(tally([found, refused(404), failed])).toEqual({ before: 2, after: 1 });
});

it("a call that went well and told of a failure looks like one", () => {
  expect(["ok", "ok · SUCCEEDED", "ok · IN_PROGRESS", "ok · FAILED", "NoAnswer"].map(toneOf)).toEqual([
    "good",
    "good",
    "waiting",
    "bad",
    "bad",
  ]);
});
