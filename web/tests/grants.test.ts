import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import type { RequestView } from "../src/api/types";
import { endsEarly, openSessionsUntil } from "../src/features/requests/early";
import { keepingSame, keptUntil, useOtherGrants } from "../src/features/requests/otherGrants";

const FIXED = "2026-11-22T07:37:00Z";
const EARLY = "2026-11-22T06:37:00Z";
const SESSIONS = "2026-11-22T08:37:00Z";

function grant(part: Partial<RequestView>): RequestView {
  return {
    id: "a",
    state: "active",
    requester: { id: "alice", display_name: "Alice", user_name: "alice" },
    account: { id: "111122223333", name: "prod", status: "active", management: false, path: [] },
    permission_set: { arn: "arn:set", name: "Admin", description: "", session_duration_minutes: 60 },
    window: { starts_at: EARLY, expires_at: FIXED },
    ended_at: null,
    open_sessions_until: SESSIONS,
    ...part,
  } as RequestView;
}

describe("the same access by several grants", () => {
  const ended = grant({});
  const other = grant({ id: "b", window: { starts_at: EARLY, expires_at: SESSIONS } });

  it("is kept by those that hold it, and until the last of them ends", () => {
    const activating = grant({ id: "c", state: "activating" });
    const kept = keepingSame(ended, [ended, other, activating]);
    expect(kept.map(({ id }) => id)).toEqual(["b", "c"]);
    expect(keptUntil(kept)).toBe(SESSIONS);
    expect(keptUntil([])).toBeNull();
  });

  it("is kept by nothing that ends, has not begun, or is of somebody or something else", () => {
    const others = [
      grant({ id: "c", state: "ending" }),
      grant({ id: "d", state: "approved", window: null }),
      grant({ id: "e", requester: { ...other.requester, id: "bob" } }),
      grant({ id: "f", account: { ...other.account, id: "444455556666" } }),
      grant({ id: "g", permission_set: { ...other.permission_set, arn: "arn:other" } }),
    ];
    expect(keepingSame(ended, others)).toEqual([]);
  });
});

describe("a grant that is about to be ended", () => {
  const asked = grant({ state: "approved", window: null });
  const filter = { scope: "active", requester: "alice", account: "111122223333", permission_set: "arn:set" };

  /** What is known of it and of the others, where the API lists these. */
  function known(items: RequestView[]): ReturnType<typeof useOtherGrants> | undefined {
    const client = new QueryClient();
    client.setQueryData(["requests", filter], { pages: [{ items, next: null }], pageParams: [null] });
    const seen: ReturnType<typeof useOtherGrants>[] = [];
    function Asking() {
      seen.push(useOtherGrants(asked));
      return null;
    }
    renderToStaticMarkup(createElement(QueryClientProvider, { client }, createElement(Asking)));
    return seen[0];
  }

  it("is known as it is by now, apart from those that keep the access", () => {
    const other = grant({ id: "b" });
    expect(known([grant({}), other])).toEqual({ live: grant({}), others: [other] });
    expect(known([other])).toEqual({ live: undefined, others: [other] });
  });
});

describe("an end that came before the one that was fixed", () => {
  const early = grant({ state: "ending", ended_at: EARLY });

  it("is told apart from one that was agreed", () => {
    expect(endsEarly(early)).toBe(true);
    expect(endsEarly(grant({ state: "ending", ended_at: FIXED }))).toBe(false);
    expect(endsEarly(grant({}))).toBe(false);
  });

  it("leaves open how long sessions last until it is over", () => {
    expect(openSessionsUntil(early)).toBeNull();
    expect(openSessionsUntil({ ...early, state: "closed" })).toBe(SESSIONS);
    expect(openSessionsUntil(grant({ state: "ending", ended_at: FIXED }))).toBe(SESSIONS);
    expect(openSessionsUntil(grant({ window: null }))).toBeNull();
  });
});
