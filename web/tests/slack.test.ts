import { afterEach, describe, expect, it, vi } from "vitest";

import { unlinkSlack } from "../src/api/endpoints";
import type { Channel } from "../src/api/types";
import { CHANNEL_TEXT, CHANNELS, switchOf } from "../src/features/settings/channels";
import { commandOf, isGood, isOn, nameOf } from "../src/features/slack/link";

afterEach(() => vi.unstubAllGlobals());

const NONE = { slack: false, sns: false, email: false };
const SET_UP = { channels: ["slack"] as Channel[] };
const NOT_SET_UP = { channels: ["sns"] as Channel[] };
const ON = { channels: { ...NONE, slack: true } };
const OFF = { channels: { ...NONE, sns: true, email: true } };

describe("Slack is offered", () => {
  it("where it is set up and on", () => {
    expect(isOn("slack", SET_UP, ON)).toBe(true);
  });

  it.each([
    ["turned off", SET_UP, OFF],
    ["not set up, whatever the settings say", NOT_SET_UP, ON],
    ["not set up, so that nobody asked for the settings", NOT_SET_UP, undefined],
  ])("nowhere where it is %s", (_, me, settings) => {
    expect(isOn("slack", me, settings)).toBe(false);
  });

  it("only once it is known", () => {
    expect(isOn("slack", undefined, ON)).toBeUndefined();
    expect(isOn("slack", SET_UP, undefined)).toBeUndefined();
  });
});

describe("a code that links an account", () => {
  it("is sent as a command", () => {
    expect(commandOf({ code: "K7QF-M2XW-9PDA" })).toBe("/access link K7QF-M2XW-9PDA");
  });

  it("is good until it expires, and not at that instant", () => {
    const link = { expires_at: "2026-11-22T04:10:00Z" };
    const end = Date.parse(link.expires_at);
    expect([end - 1, end, end + 1].map((now) => isGood(link, now))).toEqual([true, false, false]);
  });
});

describe("an account that is linked", () => {
  it("is called what it is called in Slack, and by its id where that is not known", () => {
    expect(nameOf({ name: "Hanako", id: "U1" })).toBe("Hanako");
    expect(nameOf({ name: null, id: "U1" })).toBe("U1");
  });

  it("is unlinked from oneself or from somebody by name, whatever is in the ids", async () => {
    const called: string[] = [];
    vi.stubGlobal("fetch", (url: string, { method }: RequestInit) => {
      called.push(`${method ?? ""} ${url}`);
      return Promise.resolve(new Response(null, { status: 204 }));
    });
    const account = { workspace: "T1", id: "U/1", name: null, linked_at: "2026-11-22T04:00:00Z" };
    await unlinkSlack(account);
    await unlinkSlack(account, "u-alice");
    expect(called).toEqual(["DELETE /v1/me/slack-links/T1/U%2F1", "DELETE /v1/slack-links/u-alice/T1/U%2F1"]);
  });
});

describe("the switch of a channel", () => {
  it("is there for each of them", () => {
    expect(CHANNELS.toSorted()).toEqual(Object.keys(CHANNEL_TEXT).sort());
  });

  it("turns it on and off by itself where it is set up", () => {
    expect(switchOf("slack", SET_UP, NONE)).toEqual({ on: false, setUp: true, disabled: false });
    expect(switchOf("slack", SET_UP, ON.channels)).toEqual({ on: true, setUp: true, disabled: false });
  });

  it("can turn off, but not on, what is not set up", () => {
    expect(switchOf("email", SET_UP, NONE)).toEqual({ on: false, setUp: false, disabled: true });
    expect(switchOf("email", SET_UP, OFF.channels)).toEqual({ on: true, setUp: false, disabled: false });
    expect(switchOf("email", undefined, NONE).disabled).toBe(true);
  });
});
