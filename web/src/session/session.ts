import { InMemoryWebStorage, UserManager, WebStorageStateStore, type User } from "oidc-client-ts";

import type { PortalConfig } from "../api/types";

/** What survives the way to the sign-in page and back. */
interface Return {
  to: string;
}

/** `sessionStorage` outlives a reload of this tab and nothing else; without it, memory. */
function storage(): Storage {
  try {
    sessionStorage.setItem("kari.probe", "");
    sessionStorage.removeItem("kari.probe");
    return sessionStorage;
  } catch {
    return new InMemoryWebStorage();
  }
}

export function createUserManager(config: PortalConfig): UserManager {
  const kept = new WebStorageStateStore({ store: storage(), prefix: "kari." });
  const { identity_provider } = config;
  return new UserManager({
    authority: config.authority,
    client_id: config.client_id,
    redirect_uri: location.origin + config.redirect_path,
    post_logout_redirect_uri: `${location.origin}/signed-out`,
    response_type: "code",
    scope: config.scope,
    extraQueryParams: identity_provider === undefined ? {} : { identity_provider },
    userStore: kept,
    stateStore: kept,
    automaticSilentRenew: false,
    loadUserInfo: false,
    // Whoever waits for it shall learn that nothing comes.
    requestTimeoutInSeconds: 10,
  });
}

export async function signIn(manager: UserManager, to: string): Promise<never> {
  const state: Return = { to };
  await manager.signinRedirect({ state, ui_locales: document.documentElement.lang });
  return new Promise<never>(() => undefined);
}

/** Finishes a sign-in that came back; answers where the person wanted to go. */
export async function finishSignIn(manager: UserManager): Promise<{ user: User; to: string }> {
  const user = await manager.signinRedirectCallback();
  const to = (user.state as Return | undefined)?.to ?? "/";
  // NB. Only ever a path of our own: an absolute address here would be an open redirect.
  return { user, to: to.startsWith("/") && !to.startsWith("//") ? to : "/" };
}

/** Renews the session where the identity provider gave a refresh token; elsewhere it runs out. */
export async function renew(manager: UserManager): Promise<void> {
  const user = await manager.getUser();
  if (user?.refresh_token !== undefined) await manager.signinSilent().catch(() => null);
}

/** Forgets the session here, and has the identity provider forget it too. */
export async function signOut(manager: UserManager, config: PortalConfig): Promise<void> {
  // NB. A copy of it could go on renewing the session; where nobody revokes it, it ends by itself.
  await manager.revokeTokens(["refresh_token"]).catch(() => undefined);
  // NB. Cognito names an endpoint for it, but takes none of the parameters that the standard has for it.
  if (config.sign_out_url === undefined && (await endsByTheStandard(manager)))
    return manager.signoutRedirect();
  await manager.removeUser();
  location.assign(config.sign_out_url ?? "/signed-out");
}

/** Nor does it where it cannot be asked: what is known here is forgotten all the same. */
async function endsByTheStandard(manager: UserManager): Promise<boolean> {
  return manager.metadataService.getEndSessionEndpoint().then(
    (endpoint) => endpoint !== undefined,
    () => false,
  );
}
