import {
  ErrorTimeout,
  InMemoryWebStorage,
  UserManager,
  WebStorageStateStore,
  type User,
} from "oidc-client-ts";

import { NotSignedIn, Unreachable } from "../api/problem";
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
  await manager.signinRedirect({ state, ui_locales: document.documentElement.lang }).catch(tell);
  return new Promise<never>(() => undefined);
}

/** Finishes a sign-in that came back; answers where the person wanted to go. */
export async function finishSignIn(manager: UserManager): Promise<{ user: User; to: string }> {
  // NB. Nothing else of it is read or shown: anybody can write such an address. Cognito may leave out the state, by
  // which it would be known whose attempt it was that failed.
  const error = new URLSearchParams(location.search).get("error");
  if (error !== null) throw new NotSignedIn(error === "access_denied" ? "sign-in-denied" : "sign-in-failed");
  const user = await manager.signinRedirectCallback().catch(tell);
  const to = (user.state as Return | undefined)?.to ?? "/";
  // NB. Only ever a path of our own: an absolute address here would be an open redirect.
  return { user, to: to.startsWith("/") && !to.startsWith("//") ? to : "/" };
}

function tell(error: unknown): never {
  throw isUnanswered(error) ? new Unreachable(String(error)) : new NotSignedIn("sign-in-failed");
}

/** The session as it goes on; `null` where it is over, or the identity provider gave nothing to renew it with. */
export async function renew(manager: UserManager): Promise<User | null> {
  const user = await manager.getUser();
  // NB. Without a refresh token this would be tried in a frame, which the portal's policy for browsers forbids.
  if (user?.refresh_token === undefined) return null;
  return manager.signinSilent().catch((error: unknown) => {
    if (isUnanswered(error)) throw new Unreachable(String(error));
    return null;
  });
}

/** Nobody said anything, so nothing is known: what `fetch` throws without a network, and our own patience. */
const isUnanswered = (error: unknown) => error instanceof TypeError || error instanceof ErrorTimeout;

/** What opens the API: the one token or the other. */
export function tokenOf(user: User | null, config: PortalConfig): string | undefined {
  return config.identity_tokens === true ? user?.id_token : user?.access_token;
}

/** The session of this tab, renewed where it ran out meanwhile. */
export async function currentSession(manager: UserManager): Promise<User | null> {
  const user = await manager.getUser();
  return user?.expired === true ? renew(manager) : user;
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
