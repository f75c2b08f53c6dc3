import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { act } from "../src/api/endpoints";

describe("acting on a request", () => {
  const fetched = vi.fn((url: string, { body }: { body: string }) =>
    Promise.resolve(Response.json({ url, body: JSON.parse(body) as unknown })),
  );
  beforeEach(() => vi.stubGlobal("fetch", fetched));
  afterEach(() => vi.unstubAllGlobals());

  it.each(["approve", "deny", "revoke"] as const)("carries what was said about it: %s", async (action) => {
    expect(await act("req-1", action, " Seen the incident, go ahead\n")).toEqual({
      url: `/v1/requests/req-1/${action}`,
      body: { comment: "Seen the incident, go ahead" },
    });
  });

  it.each([undefined, "", "  \n"])("says nothing where nobody said anything: %j", async (comment) => {
    expect(await act("req-1", "approve", comment)).toMatchObject({ body: {} });
  });
});
