import { environmentManager, onlineManager, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { NotSignedIn, Refused, Unreachable } from "../src/api/problem";
import { contactOf } from "../src/app/contact";
import { createQueryClient } from "../src/app/queryClient";

function refused(code: string, status: number): Refused {
  return new Refused({ type: `urn:kari:problem:${code}`, title: code, status, code, detail: code });
}

describe("the contact with the server", () => {
  it.each<[string, Error | null, string]>([
    ["an answer", null, "kept"],
    ["a refusal", refused("unavailable", 503), "kept"],
    ["a stranger, who is told so on a page of their own", new NotSignedIn("sign-in-not-taken"), "kept"],
    ["the end of the session", refused("signed-out", 401), "signed-out"],
    ["no answer", new Unreachable(), "lost"],
  ])("after %s", (_, error, expected) => {
    expect(contactOf({ fetchStatus: "idle", error })).toBe(expected);
  });

  it("is not judged before the answer", () => {
    expect(contactOf({ fetchStatus: "fetching", error: null })).toBeUndefined();
    expect(contactOf({ fetchStatus: "fetching", error: new Unreachable() })).toBeUndefined();
  });
});

describe("questions that are asked again and again", () => {
  // Else they would be asked once, as on a server.
  beforeEach(() => environmentManager.setIsServer(() => false));
  afterEach(() => {
    onlineManager.setOnline(true);
    vi.useRealTimers();
  });

  it("tell when the contact is lost and found, with a network or without, and nothing between", async () => {
    vi.useFakeTimers();
    let answer: () => Promise<unknown> = () => Promise.resolve({});
    const asking = { queryKey: ["me"], queryFn: () => answer(), refetchInterval: 4000, retry: false };
    const told: unknown[] = [];
    const tell = (question: Parameters<typeof contactOf>[0]) => {
      const contact = contactOf(question);
      if (contact !== undefined && contact !== told.at(-1)) told.push(contact);
    };
    const client = createQueryClient();
    client.mount();
    const stop = new QueryObserver(client, asking).subscribe(tell);
    await vi.advanceTimersByTimeAsync(10_000);
    onlineManager.setOnline(false);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toEqual(["kept"]);
    answer = () => Promise.reject(new Unreachable());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(told).toEqual(["kept", "lost"]);
    answer = () => Promise.resolve({});
    await vi.advanceTimersByTimeAsync(4_000);
    expect(told).toEqual(["kept", "lost", "kept"]);
    answer = () => Promise.reject(new Unreachable());
    await vi.advanceTimersByTimeAsync(20_000);
    answer = () => Promise.resolve({});
    onlineManager.setOnline(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual(["kept", "lost", "kept", "lost", "kept"]);
    stop();
    client.unmount();
  });
});
