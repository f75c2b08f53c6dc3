import { User, type UserManager } from "oidc-client-ts";
import { vi } from "vitest";

import type { PortalConfig } from "../src/api/types";

const DOMAIN = "https://kari-111122223333.auth.eu-central-1.amazoncognito.com";
const AUTHORITY = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example";
export const PORTAL = "https://kari.example";

/** As it is deployed on AWS. */
export const ON_AWS: PortalConfig = {
  authority: AUTHORITY,
  client_id: "client",
  scope: "openid",
  redirect_path: "/callback",
  identity_provider: "IdentityCenter",
  sign_out_url: `${DOMAIN}/logout?client_id=client&logout_uri=https%3A%2F%2Fkari.example%2Fsigned-out`,
  simulated: false,
};

/** As the one-machine program says it. */
export const ON_ONE_MACHINE: PortalConfig = {
  authority: PORTAL,
  client_id: "kari",
  scope: "openid profile email",
  redirect_path: "/callback",
  simulated: true,
};

const DISCOVERY: Record<string, object> = {
  // NB. It names an end of sessions that takes nothing of what the standard says.
  [AUTHORITY]: {
    issuer: AUTHORITY,
    authorization_endpoint: `${DOMAIN}/oauth2/authorize`,
    token_endpoint: `${DOMAIN}/oauth2/token`,
    revocation_endpoint: `${DOMAIN}/oauth2/revoke`,
    end_session_endpoint: `${DOMAIN}/logout`,
  },
  [PORTAL]: {
    issuer: PORTAL,
    authorization_endpoint: `${PORTAL}/oauth/authorize`,
    token_endpoint: `${PORTAL}/oauth/token`,
    end_session_endpoint: `${PORTAL}/oauth/logout`,
  },
};

export type Answer = (form: URLSearchParams) => Response;

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

export const idToken = (issuedAt: number) =>
  `${encode({ alg: "RS256" })}.${encode({ sub: "alice", auth_time: 1000, iat: issuedAt })}.signature`;

/** A browser's tab, and the identity provider behind it: what it was asked, and where the tab was sent. */
export function tab(address = `${PORTAL}/`) {
  const sentTo: string[] = [];
  const posted: [string, Record<string, string>][] = [];
  const answers: Record<string, Answer> = { "/oauth2/revoke": () => new Response() };
  const { origin, pathname, search, hash, href } = new URL(address);
  const assign = (url: string) => void sentTo.push(url);
  const location = { origin, pathname, search, hash, href, assign };
  const window = { location, addEventListener: () => undefined, self: { location } };
  vi.stubGlobal("location", location);
  vi.stubGlobal("window", window);
  vi.stubGlobal("document", { documentElement: { lang: "ja" } });
  vi.stubGlobal("fetch", (url: string, { method, body }: { method: string; body?: URLSearchParams }) => {
    const found = DISCOVERY[url.replace("/.well-known/openid-configuration", "")];
    if (method === "GET" && found !== undefined) return Promise.resolve(Response.json(found));
    const { pathname: path } = new URL(url);
    const answer = answers[path];
    if (answer === undefined) return Promise.reject(new TypeError("Failed to fetch"));
    posted.push([path, Object.fromEntries(body ?? [])]);
    return Promise.resolve(answer(body ?? new URLSearchParams()));
  });
  return { sentTo, posted, answers };
}

/** Somebody has signed in: what was given then is in the tab's storage. */
export async function signedIn(manager: UserManager, more: { refresh_token?: string; expires_in?: number }) {
  const { expires_in = 3600, ...tokens } = more;
  const now = Math.floor(Date.now() / 1000);
  await manager.storeUser(
    new User({
      access_token: "first",
      token_type: "Bearer",
      scope: "openid",
      profile: { sub: "alice", iss: "", aud: "", exp: now, iat: now },
      id_token: idToken(1000),
      expires_at: now + expires_in,
      ...tokens,
    }),
  );
}
