import type { User } from "oidc-client-ts";
import { createContext, use, useEffect, useState, type ReactNode } from "react";

import { provideCredentials } from "../api/http";
import type { PortalConfig } from "../api/types";
import { ErrorNote } from "../app/ErrorNote";
import { FullPage } from "../app/FullPage";
import { Waiting } from "../app/Waiting";
import { Unreachable } from "../api/problem";
import { createUserManager, finishSignIn, renew, signIn, signOut } from "./session";

interface Session {
  /** Who is signed in, by the identity provider's own id. */
  person: string;
  config: PortalConfig;
  signOut: () => void;
}

const Context = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = use(Context);
  if (session === undefined) throw new Error("useSession needs a SessionGate above it");
  return session;
}

type Entry = { session: Session } | { error: Error } | undefined;

/** Shows what is inside to signed-in people only; everybody else is sent to sign in and back here. */
export function SessionGate({ children }: { children: ReactNode }) {
  const [entry, setEntry] = useState<Entry>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let wanted = true;
    enter()
      .then((session) => wanted && setEntry({ session }))
      .catch((error: unknown) => wanted && setEntry({ error: asError(error) }));
    return () => {
      wanted = false;
    };
  }, [attempt]);
  if (entry === undefined) return <Waiting />;
  if ("error" in entry) {
    const retry = () => {
      if (location.pathname === "/callback") location.assign("/");
      setEntry(undefined);
      setAttempt(attempt + 1);
    };
    return (
      <FullPage>
        <ErrorNote error={entry.error} onRetry={retry} />
      </FullPage>
    );
  }
  return <Context value={entry.session}>{children}</Context>;
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

let entering: Promise<Session> | undefined;

/** A code can be redeemed once, and development mode runs effects twice. */
function enter(): Promise<Session> {
  entering ??= enterOnce().catch((error: unknown) => {
    entering = undefined;
    throw error;
  });
  return entering;
}

async function enterOnce(): Promise<Session> {
  const config = await loadConfig();
  const manager = createUserManager(config);
  const here = location.pathname + location.search + location.hash;
  if (location.pathname === config.redirect_path) {
    const { to } = await finishSignIn(manager);
    history.replaceState(null, "", to);
  }
  const user = await manager.getUser();
  if (user === null || user.expired === true) return signIn(manager, here);
  const tokenOf = (of: User) => (config.identity_tokens === true ? (of.id_token ?? null) : of.access_token);
  let token = tokenOf(user);
  manager.events.addUserLoaded((renewed) => {
    token = tokenOf(renewed);
  });
  const signInAgain = () => {
    if (token === null) return;
    token = null;
    const now = location.pathname + location.search;
    void manager.removeUser().then(() => signIn(manager, now));
  };
  provideCredentials({ token: () => token, onRejected: signInAgain });
  manager.events.addAccessTokenExpiring(() => void renew(manager));
  manager.events.addAccessTokenExpired(signInAgain);
  return { person: user.profile.sub, config, signOut: () => void signOut(manager, config) };
}

async function loadConfig(): Promise<PortalConfig> {
  const response = await fetch("/config.json", { cache: "no-cache" }).catch((error: unknown) => {
    throw new Unreachable(String(error));
  });
  if (!response.ok) throw new Unreachable(`/config.json: ${response.status}`);
  return (await response.json()) as PortalConfig;
}
