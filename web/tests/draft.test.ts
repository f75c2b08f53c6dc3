import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { createMemoryRouter, RouterProvider } from "react-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { RequestView } from "../src/api/types";
import {
  draftFromLink,
  draftFromRequest,
  forgetDraft,
  keepDraft,
  keptDraft,
  useDraft,
  type Draft,
} from "../src/features/request-form/draft";
import { askAgain } from "../src/features/requests/queries";

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
  const kept = (person: string, query = "", isBack = true) => keptDraft(person, query, isBack);
  beforeEach(() => vi.stubGlobal("sessionStorage", storage()));
  afterEach(() => vi.unstubAllGlobals());

  it("goes on after the same person has signed in again", () => {
    keepDraft("alice", "", draft);
    expect(kept("alice")).toEqual(draft);
  });

  it("is gone once it is forgotten", () => {
    keepDraft("alice", "", draft);
    forgetDraft();
    expect(kept("alice")).toBeUndefined();
  });

  it("is not shown to the next person in the same tab, and does not outlast them", () => {
    keepDraft("alice", "", draft);
    expect(kept("bob")).toBeUndefined();
    expect(kept("alice")).toBeUndefined();
  });

  it("of nobody, as older portals kept it, is nobody's", () => {
    sessionStorage.setItem("kari.draft", JSON.stringify(draft));
    expect(kept("alice")).toBeUndefined();
  });

  it("of no address, as older portals kept it, goes on where no link says what is wanted", () => {
    sessionStorage.setItem("kari.draft", JSON.stringify({ person: "alice", draft }));
    expect(kept("alice")).toEqual(draft);
    expect(kept("alice", "duration=90")).toBeUndefined();
  });

  it("that cannot be read is none", () => {
    sessionStorage.setItem("kari.draft", "{");
    expect(kept("alice")).toBeUndefined();
  });

  it("is not kept where there is no storage", () => {
    vi.stubGlobal("sessionStorage", undefined);
    keepDraft("alice", "", draft);
    forgetDraft();
    expect(kept("alice")).toBeUndefined();
  });

  it("that a link began goes on where somebody comes back to that address", () => {
    keepDraft("alice", "again=0192", draft);
    expect(kept("alice", "again=0192")).toEqual(draft);
    expect(kept("alice", "again=0193")).toBeUndefined();
    expect(kept("bob", "again=0192")).toBeUndefined();
  });

  it("is not what a link means that is followed, be it the same once more", () => {
    keepDraft("alice", "again=0192", draft);
    expect(kept("alice", "again=0192", false)).toBeUndefined();
    expect(kept("alice", "again=0192")).toBeUndefined();
  });

  it("stays where the link that is followed is another one", () => {
    keepDraft("alice", "again=0192", draft);
    expect(kept("alice", "again=0193", false)).toBeUndefined();
    expect(kept("alice", "again=0192")).toEqual(draft);
  });

  it("goes on at the form's plain address wherever it began, and however one comes there", () => {
    keepDraft("alice", "again=0192", draft);
    expect(kept("alice", "", false)).toEqual(draft);
  });
});

describe("an address of the form that fills in something itself", () => {
  const LINK = "/request?justification=linked";
  const Filled = () => useDraft("alice", undefined).draft.justification;
  beforeEach(() => vi.stubGlobal("sessionStorage", storage()));
  afterEach(() => vi.unstubAllGlobals());

  it("goes on after a reload and on the way back, and begins anew where its link is followed", async () => {
    keepDraft("alice", "justification=linked", draft);
    const routes = [{ path: "*", element: createElement(Filled) }];
    const router = createMemoryRouter(routes, { initialEntries: [LINK] });
    const shown = () => renderToStaticMarkup(createElement(RouterProvider, { router }));
    const goBack = async () => {
      await router.navigate(-1);
      await vi.waitFor(() => expect(router.state.location.search).not.toBe(""));
    };
    expect(shown()).toBe(draft.justification);
    await router.navigate("/requests");
    await goBack();
    expect(shown()).toBe(draft.justification);
    await router.navigate("/requests");
    await router.navigate(LINK);
    expect(shown()).toBe("linked");
    await router.navigate(LINK, { replace: true });
    expect(shown()).toBe("linked");
    await router.navigate("/requests");
    await goBack();
    expect(shown()).toBe("linked");
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

  it("may bring a reason and a ticket", () => {
    const brought = { justification: "as in the runbook", ticket: "INC-4711" };
    expect(linked("justification=as+in+the+runbook&ticket=INC-4711")).toMatchObject(brought);
    expect(linked("")).toMatchObject({ justification: "", ticket: "" });
  });

  it("with a duration that cannot be understood keeps its words, so that they can be told", () => {
    expect(linked("duration=soon")).toMatchObject({ durationMinutes: undefined, durationUnread: "soon" });
    expect(linked("duration=0").durationUnread).toBe("0");
    expect(linked("").durationUnread).toBeUndefined();
  });
});

describe("asking again", () => {
  const before = {
    id: "0192",
    account: { id: "111122223333" },
    permission_set: { arn: "arn:aws:sso:::permissionSet/ssoins-1/ps-1" },
    duration_minutes: 90,
    start: "2026-03-02T09:00:00Z",
    justification: "INC-4711: roll back",
    ticket: "INC-4711",
  } as unknown as RequestView;

  it("fills in all that was asked for, to begin now", () => {
    expect(draftFromRequest(before)).toEqual({
      accounts: ["111122223333"],
      permissionSet: "arn:aws:sso:::permissionSet/ssoins-1/ps-1",
      durationMinutes: 90,
      otherDuration: false,
      later: false,
      date: "",
      time: "",
      justification: "INC-4711: roll back",
      ticket: "INC-4711",
    });
    const bare = { ...before, justification: null, ticket: null };
    expect(draftFromRequest(bare)).toMatchObject({ justification: "", ticket: "" });
  });

  it("says nothing of the request in its address but which it is", () => {
    expect(askAgain(before)).toBe("/request?again=0192");
  });
});
