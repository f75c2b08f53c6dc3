import { afterEach, describe, expect, it, vi } from "vitest";

import type { PortalConfig } from "../src/api/types";
import { createUserManager, signIn, signOut } from "../src/session/session";
import { ON_AWS, ON_ONE_MACHINE, PORTAL, signedIn, tab } from "./identityProvider";

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
