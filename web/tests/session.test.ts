import { afterEach, describe, expect, it, vi } from "vitest";

import type { PortalConfig } from "../src/api/types";
import { mayPass, NotSignedIn, Unreachable, type WhyNotSignedIn } from "../src/api/problem";
import en from "../src/messages/en.json";
import ja from "../src/messages/ja.json";
import {
  createUserManager,
  currentSession,
  finishSignIn,
  renew,
  signIn,
  signOut,
  tokenOf,
} from "../src/session/session";
import { idToken, ON_AWS, ON_ONE_MACHINE, PORTAL, signedIn, tab } from "./identityProvider";

afterEach(() => vi.unstubAllGlobals());

describe("signing in", () => {
  const asked = async (config: PortalConfig) => {
    const { sentTo } = tab();
    void signIn(createUserManager(config), "/requests");
    await vi.waitFor(() => expect(sentTo).toHaveLength(1));
    return Object.fromEntries(new URL(sentTo[0] ?? "").searchParams);
  };

  it("asks for a code that only this tab can redeem, and for no more than the configuration says", async () => {
    expect(await asked(ON_AWS)).toMatchObject({
      client_id: "client",
      redirect_uri: `${PORTAL}/callback`,
      response_type: "code",
      scope: "openid",
      code_challenge_method: "S256",
    });
  });

  it("says that nobody was reached where that is all there is to know", async () => {
    tab();
    const manager = createUserManager({ ...ON_AWS, authority: "https://gone.example" });
    await expect(signIn(manager, "/")).rejects.toBeInstanceOf(Unreachable);
  });

  it("names the identity provider where there is one to name, so that nobody has to choose it", async () => {
    expect((await asked(ON_AWS)).identity_provider).toBe("IdentityCenter");
    expect(await asked(ON_ONE_MACHINE)).not.toHaveProperty("identity_provider");
  });
});

describe("coming back from signing in", () => {
  const comingBackTo = async (address: string) => {
    tab(address);
    const error: unknown = await finishSignIn(createUserManager(ON_AWS)).catch((failure: unknown) => failure);
    return error instanceof NotSignedIn ? error.code : error;
  };

  it("leads to where the person wanted to go", async () => {
    const { sentTo, posted } = tab();
    const there = createUserManager(ON_AWS);
    void signIn(there, "/requests?show=open");
    await vi.waitFor(() => expect(sentTo).toHaveLength(1));
    const state = new URL(sentTo[0] ?? "").searchParams.get("state") ?? "";
    const back = tab(`${PORTAL}/callback?code=code&state=${state}`);
    back.answers["/oauth2/token"] = () =>
      Response.json({
        access_token: "first",
        id_token: idToken(1000),
        token_type: "Bearer",
        expires_in: 3600,
      });
    expect((await finishSignIn(there)).to).toBe("/requests?show=open");
    expect(posted).toEqual([]);
    expect(back.posted[0]?.[1]).toMatchObject({ grant_type: "authorization_code", code: "code" });
  });

  it("with a refusal says so, whether or not it is told whose attempt it was", async () => {
    for (const state of ["", "&state=another"])
      expect(await comingBackTo(`${PORTAL}/callback?error=access_denied${state}`)).toBe("sign-in-denied");
  });

  it("with any other error, or with what this tab did not ask for, says that it did not work", async () => {
    const description = "error_description=Error+in+SAML+response+processing%3A+";
    expect(await comingBackTo(`${PORTAL}/callback?${description}&error=server_error`)).toBe("sign-in-failed");
    expect(await comingBackTo(`${PORTAL}/callback?code=code&state=another`)).toBe("sign-in-failed");
    expect(await comingBackTo(`${PORTAL}/callback`)).toBe("sign-in-failed");
  });

  it("has words for each way that it can come to nothing, and lets people try again where that can help", () => {
    const again: Record<WhyNotSignedIn, boolean> = {
      "sign-in-denied": true,
      "sign-in-failed": true,
      "sign-in-not-taken": false,
    };
    for (const [code, helps] of Object.entries(again) as [WhyNotSignedIn, boolean][]) {
      expect(mayPass(new NotSignedIn(code)), code).toBe(helps);
      for (const texts of [en, ja] as Record<string, string>[])
        for (const id of [`problem.${code}`, `problem.${code}.hint`]) expect(texts[id], id).toBeDefined();
    }
  });
});

describe("a session that is renewed", () => {
  /** Cognito gives no other refresh token; the first one goes on. */
  const renewed = () =>
    Response.json({
      access_token: "second",
      id_token: idToken(2000),
      token_type: "Bearer",
      expires_in: 3600,
    });

  it("stays the same person's, and can be renewed again", async () => {
    const { posted, answers } = tab();
    answers["/oauth2/token"] = renewed;
    const manager = createUserManager(ON_AWS);
    await signedIn(manager, { refresh_token: "refresh" });
    for (let hour = 0; hour < 2; hour += 1) {
      expect(await renew(manager)).toMatchObject({ access_token: "second", profile: { sub: "alice" } });
      expect((await manager.getUser())?.expires_in).toBeGreaterThan(3590);
    }
    expect(posted.map(([path, form]) => [path, form.grant_type, form.refresh_token])).toEqual([
      ["/oauth2/token", "refresh_token", "refresh"],
      ["/oauth2/token", "refresh_token", "refresh"],
    ]);
  });

  it("opens the API with the token that this takes", async () => {
    const { answers } = tab();
    answers["/oauth2/token"] = renewed;
    const manager = createUserManager(ON_AWS);
    await signedIn(manager, { refresh_token: "refresh" });
    const user = await renew(manager);
    expect(tokenOf(user, ON_AWS)).toBe("second");
    expect(tokenOf(user, { ...ON_AWS, identity_tokens: true })).toBe(idToken(2000));
    expect(tokenOf(null, ON_AWS)).toBeUndefined();
  });

  it("goes on in a tab that was asleep or loaded again after its token had ended", async () => {
    const { answers } = tab();
    answers["/oauth2/token"] = renewed;
    const manager = createUserManager(ON_AWS);
    await signedIn(manager, { refresh_token: "refresh", expires_in: -60 });
    expect((await currentSession(manager))?.access_token).toBe("second");
  });

  it("is over when what renews it is taken no more, or was never given", async () => {
    const { answers } = tab();
    answers["/oauth2/token"] = () => Response.json({ error: "invalid_grant" }, { status: 400 });
    const manager = createUserManager(ON_AWS);
    await signedIn(manager, { refresh_token: "refresh" });
    expect(await renew(manager)).toBeNull();
    await signedIn(manager, { expires_in: -60 });
    expect(await currentSession(manager)).toBeNull();
  });

  it("is not over because nobody answers", async () => {
    tab();
    const manager = createUserManager(ON_AWS);
    await signedIn(manager, { refresh_token: "refresh" });
    await expect(renew(manager)).rejects.toBeInstanceOf(Unreachable);
  });
});

describe("signing out", () => {
  it("goes by Cognito's own way where there is one, although it names the standard's too", async () => {
    const { sentTo } = tab();
    const manager = createUserManager(ON_AWS);
    await signedIn(manager, {});
    await signOut(manager, ON_AWS);
    expect(sentTo).toEqual([ON_AWS.sign_out_url]);
    expect(await manager.getUser()).toBeNull();
  });

  it("takes back what could renew the session", async () => {
    const { posted } = tab();
    const manager = createUserManager(ON_AWS);
    await signedIn(manager, { refresh_token: "refresh" });
    await signOut(manager, ON_AWS);
    const asked = { token: "refresh", token_type_hint: "refresh_token", client_id: "client" };
    expect(posted).toEqual([["/oauth2/revoke", asked]]);
  });

  it("is not held up by what cannot be taken back", async () => {
    const { sentTo, answers } = tab();
    delete answers["/oauth2/revoke"];
    const manager = createUserManager(ON_AWS);
    await signedIn(manager, { refresh_token: "refresh" });
    await signOut(manager, ON_AWS);
    expect(sentTo).toEqual([ON_AWS.sign_out_url]);
    expect(await manager.getUser()).toBeNull();
  });

  it("goes by the standard on one machine", async () => {
    const { sentTo } = tab();
    const manager = createUserManager(ON_ONE_MACHINE);
    await signedIn(manager, {});
    void signOut(manager, ON_ONE_MACHINE);
    await vi.waitFor(() => expect(sentTo).toHaveLength(1));
    const [there] = sentTo.map((address) => new URL(address));
    expect(there?.pathname).toBe("/oauth/logout");
    expect(there?.searchParams.get("post_logout_redirect_uri")).toBe(`${PORTAL}/signed-out`);
    expect(await manager.getUser()).toBeNull();
  });

  it("forgets the session here even where nobody can be asked how to end it there", async () => {
    const { sentTo } = tab();
    const manager = createUserManager({ ...ON_ONE_MACHINE, authority: "https://gone.example" });
    await signedIn(manager, {});
    await signOut(manager, ON_ONE_MACHINE);
    expect(sentTo).toEqual(["/signed-out"]);
    expect(await manager.getUser()).toBeNull();
  });
});
