import { afterEach, describe, expect, it, vi } from "vitest";

import type { PortalConfig } from "../src/api/types";
import { Unreachable } from "../src/api/problem";
import { createUserManager, currentSession, renew, signIn, signOut, tokenOf } from "../src/session/session";
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

  it("names the identity provider where there is one to name, so that nobody has to choose it", async () => {
    expect((await asked(ON_AWS)).identity_provider).toBe("IdentityCenter");
    expect(await asked(ON_ONE_MACHINE)).not.toHaveProperty("identity_provider");
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
