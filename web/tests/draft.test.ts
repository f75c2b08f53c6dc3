import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { draftFromLink, keepDraft, keptDraft, type Draft } from "../src/features/request-form/draft";

const draft = { accounts: ["111122223333"], justification: "INC-4711: roll back" } as Draft;

/** As much of a tab's storage as a draft needs. */
function storage() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => items.set(key, value),
    removeItem: (key: string) => items.delete(key),
  };
}

describe("a draft", () => {
  beforeEach(() => vi.stubGlobal("sessionStorage", storage()));
  afterEach(() => vi.unstubAllGlobals());

  it("goes on after the same person has signed in again", () => {
    keepDraft("alice", draft);
    expect(keptDraft("alice")).toEqual(draft);
  });

  it("is gone once it is forgotten", () => {
    keepDraft("alice", draft);
    keepDraft("alice", undefined);
    expect(keptDraft("alice")).toEqual({});
  });

  it("is not shown to the next person in the same tab, and does not outlast them", () => {
    keepDraft("alice", draft);
    expect(keptDraft("bob")).toEqual({});
    expect(keptDraft("alice")).toEqual({});
  });

  it("of nobody, as older portals kept it, is nobody's", () => {
    sessionStorage.setItem("kari.draft", JSON.stringify(draft));
    expect(keptDraft("alice")).toEqual({});
  });

  it("that cannot be read is none", () => {
    sessionStorage.setItem("kari.draft", "{");
    expect(keptDraft("alice")).toEqual({});
  });

  it("is not kept where there is no storage", () => {
    vi.stubGlobal("sessionStorage", undefined);
    keepDraft("alice", draft);
    expect(keptDraft("alice")).toEqual({});
  });
});

describe("a link", () => {
  const linked = (query: string) => draftFromLink(new URLSearchParams(query));

  it("names accounts by id or name, each once", () => {
    expect(linked("account=111122223333,payments-prod&account=payments-prod,%20").accounts).toEqual([
      "111122223333",
      "payments-prod",
    ]);
  });

  it("gives a duration in minutes or in hours and minutes", () => {
    expect(linked("duration=90").durationMinutes).toBe(90);
    expect(linked("duration=1h30m")).toMatchObject({ durationMinutes: 90, durationUnread: undefined });
  });

  it("brings a reason, or has one carried along with it", () => {
    const carried = { justification: "INC-4711: roll back" };
    const reason = (query: string, state?: unknown) =>
      draftFromLink(new URLSearchParams(query), state).justification;
    expect(reason("account=payments-prod", carried)).toBe(carried.justification);
    expect(reason("justification=as+in+the+runbook", carried)).toBe("as in the runbook");
    expect([reason("", null), reason("", {}), reason("")]).toEqual(["", "", ""]);
  });

  it("with a duration that cannot be understood keeps its words, so that they can be told", () => {
    expect(linked("duration=soon")).toMatchObject({ durationMinutes: undefined, durationUnread: "soon" });
    expect(linked("duration=0").durationUnread).toBe("0");
    expect(linked("").durationUnread).toBeUndefined();
  });
});
