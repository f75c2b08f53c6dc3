import { describe, expect, it } from "vitest";

import {
  countedKept,
  heardFrom,
  lostContact,
  NEWBORN,
  notCrashed,
  pressedCrash,
} from "../src/features/simulation/kariLife";

const running = heardFrom(NEWBORN, "first", 0);

describe("the life of the process, as the theatre tells it", () => {
  it("goes on while the same process answers", () => {
    expect(heardFrom(running, "first", 1000)).toBe(running);
    expect(running.up).toBe(true);
  });

  it("counts as down from the press on, even if the dying process still answers", () => {
    const dying = heardFrom(pressedCrash(running, 1000), "first", 1010);
    expect(dying.up).toBe(false);
  });

  it("tells how long it took until another process answered", () => {
    const back = heardFrom(lostContact(pressedCrash(running, 1000), 1100), "second", 2200);
    expect(back).toMatchObject({ up: true, boot: "second", crash: { at: 1000, backAfterMs: 1200 } });
    expect(countedKept(back, 3, 3).crash?.kept).toEqual({ before: 3, after: 3 });
  });

  it("tells of crashes that nobody pressed", () => {
    const back = heardFrom(lostContact(running, 1000), "second", 1500);
    expect(back.crash).toMatchObject({ at: 1000, backAfterMs: 500 });
  });

  it("is no crash if only the network was away, or the press was refused", () => {
    expect(heardFrom(lostContact(running, 1000), "first", 1500)).toMatchObject({
      up: true,
      crash: undefined,
    });
    expect(notCrashed(pressedCrash(running, 1000)).up).toBe(true);
  });
});
