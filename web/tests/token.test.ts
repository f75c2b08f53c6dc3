import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { provideCredentials, send } from "../src/api/http";
import { isOfStranger, mayPass, NotSignedIn, Refused, Unreachable } from "../src/api/problem";
import { keepToken, type Ways } from "../src/session/token";

/** An API that takes these tokens only, and what it was sent. Who `stranger` is, it knows, and lets nobody in. */
function api(...good: string[]) {
  const sent: string[] = [];
  vi.stubGlobal("fetch", (_: string, { headers }: { headers: Record<string, string> }) => {
    const token = headers.Authorization?.replace("Bearer ", "") ?? "none";
    sent.push(token);
    if (token === "stranger")
      return Promise.resolve(Response.json({ code: "unknown-caller" }, { status: 403 }));
    const taken = good.includes(token);
    return Promise.resolve(taken ? Response.json({}) : Response.json({ message: "no" }, { status: 401 }));
  });
  return sent;
}

type Renewals = (string | undefined | Error)[];

const kept = (...renewals: Renewals) => keptSince(false, "first", renewals);
const justArrived = (first: string, ...renewals: Renewals) => keptSince(true, first, renewals);

function keptSince(arrived: boolean, first: string, renewals: Renewals) {
  const signInAgain = vi.fn();
  const renew = vi.fn<Ways["renew"]>(() => {
    const next = renewals.shift();
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  });
  const token = keepToken(first, { arrived, renew, signInAgain });
  provideCredentials({ token: token.current, onTaken: token.taken, onRejected: token.rejected });
  return { token, renew, signInAgain };
}

const call = () => send("POST", "/v1/requests", { body: {} });
const codeOf = (error: unknown) => (error instanceof Refused ? error.problem.code : error);

describe("a session", () => {
  beforeEach(() => vi.unstubAllGlobals());
  afterEach(() => vi.unstubAllGlobals());

  it("outlives its tokens: each is renewed before it ends", async () => {
    const { token, signInAgain } = kept("second", "third");
    await token.expiring();
    expect(token.current()).toBe("second");
    await token.expiring();
    expect(token.current()).toBe("third");
    expect(signInAgain).not.toHaveBeenCalled();
  });

  it("goes on after a sleep: what was sent with a token that had ended is sent once more", async () => {
    const sent = api("second");
    const { signInAgain } = kept("second");
    await call();
    expect(sent).toEqual(["first", "second"]);
    expect(signInAgain).not.toHaveBeenCalled();
  });

  it("goes on after several sleeps, even if nothing was sent between", async () => {
    api("third");
    const { token, signInAgain } = kept("second", "third");
    await token.expired();
    await call();
    expect(signInAgain).not.toHaveBeenCalled();
  });

  it("is renewed once, however many calls miss its token", async () => {
    api("second");
    const { token, renew } = kept("second");
    await Promise.all([call(), call(), token.expired(), call()]);
    expect(renew).toHaveBeenCalledOnce();
  });

  it("is not over because nobody answers: the call fails, and the next one tries again", async () => {
    api("second");
    const { token, signInAgain } = kept(new Unreachable(), new Unreachable(), "second");
    await token.expired();
    await expect(call()).rejects.toBeInstanceOf(Unreachable);
    await call();
    expect(signInAgain).not.toHaveBeenCalled();
  });

  it("leads to signing in again, once, when it can be renewed no more", async () => {
    const sent = api();
    const { token, signInAgain } = kept(undefined);
    const answers = await Promise.allSettled([call(), call()]);
    expect(answers.map((answer) => answer.status === "rejected" && codeOf(answer.reason))).toEqual([
      "signed-out",
      "signed-out",
    ]);
    await call().catch(() => undefined);
    expect(token.current()).toBeNull();
    expect(sent).toEqual(["first", "first", "none"]);
    expect(signInAgain).toHaveBeenCalledOnce();
  });

  it("is left running where only the token that ends soon could not be renewed", async () => {
    const { token, signInAgain } = kept(undefined);
    await token.expiring();
    expect(token.current()).toBe("first");
    expect(signInAgain).not.toHaveBeenCalled();
  });

  it("is over where renewing it gives the same token again", async () => {
    const sent = api();
    const { signInAgain } = kept("first");
    await expect(call()).rejects.toBeInstanceOf(Refused);
    expect(sent).toEqual(["first", "first"]);
    expect(signInAgain).toHaveBeenCalledOnce();
  });

  it("that the API does not take from the first call on is not begun again and again, but told", async () => {
    const sent = api();
    const { renew, signInAgain } = justArrived("first", "second");
    for (let tried = 0; tried < 2; tried += 1) {
      const error: unknown = await call().catch((refusal: unknown) => refusal);
      expect(error).toBeInstanceOf(NotSignedIn);
      expect([isOfStranger(error), mayPass(error)]).toEqual([true, false]);
    }
    expect(sent).toEqual(["first", "first"]);
    expect(renew).not.toHaveBeenCalled();
    expect(signInAgain).not.toHaveBeenCalled();
  });

  it("that the API took once is renewed like any other", async () => {
    api("first");
    const { signInAgain } = justArrived("first", "second");
    await call();
    api("second");
    await call();
    expect(signInAgain).not.toHaveBeenCalled();
  });

  it("of somebody whom the identity store does not know is told so, and goes nowhere", async () => {
    api();
    const { signInAgain } = justArrived("stranger");
    const error: unknown = await call().catch((refusal: unknown) => refusal);
    expect([codeOf(error), isOfStranger(error), mayPass(error)]).toEqual(["unknown-caller", true, false]);
    expect(signInAgain).not.toHaveBeenCalled();
  });

  it("is not renewed for ever where the API takes nothing of it", async () => {
    const sent = api();
    const { signInAgain } = kept("second", "third", "fourth");
    await expect(call()).rejects.toBeInstanceOf(Refused);
    expect(sent).toEqual(["first", "second"]);
    expect(signInAgain).toHaveBeenCalledOnce();
  });
});
