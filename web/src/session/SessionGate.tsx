import type { User, UserManager } from "oidc-client-ts";
import { createContext, use, useEffect, useState, type ReactNode } from "react";

import { provideCredentials } from "../api/http";
import { NotSignedIn } from "../api/problem";
import type { PortalConfig } from "../api/types";
import { Waiting } from "../app/Waiting";
import { loadConfig } from "./config";
import { NotLetIn } from "./NotLetIn";
import { createUserManager, currentSession, finishSignIn, renew, signIn, signOut, tokenOf } from "./session";
import { keepToken } from "./token";

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
      if (location.pathname === "/callback") {
        location.assign("/");
        return;
      }
      setEntry(undefined);
      setAttempt(attempt + 1);
    };
    const leave = () => void signOutFromHere().catch((error: unknown) => setEntry({ error: asError(error) }));
    const known = entry.error instanceof NotSignedIn;
    return <NotLetIn error={entry.error} onRetry={retry} {...(known && { signOut: leave })} />;
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
  const arrived = location.pathname === config.redirect_path;
  if (arrived) {
    const { to } = await finishSignIn(manager);
    history.replaceState(null, "", to);
  }
  const user = await currentSession(manager);
  if (user === null) return signIn(manager, here);
  keepSignedIn(manager, config, user, arrived);
  return { person: user.profile.sub, config, signOut: () => void signOut(manager, config) };
}

/** Lets the API be called for this person until they sign out, or their session can be renewed no more. */
function keepSignedIn(manager: UserManager, config: PortalConfig, user: User, arrived: boolean): void {
  const token = keepToken(tokenOf(user, config), {
    arrived,
    renew: async () => tokenOf(await renew(manager), config),
    signInAgain: () => void signInAgain(manager),
  });
  provideCredentials({ token: token.current, onTaken: token.taken, onRejected: token.rejected });
  manager.events.addAccessTokenExpiring(() => void token.expiring());
  manager.events.addAccessTokenExpired(() => void token.expired());
}

/** For whoever was not let in: the identity provider may know them all the same. */
async function signOutFromHere(): Promise<void> {
  const config = await loadConfig();
  await signOut(createUserManager(config), config);
}

/** Where nobody answers, this page stays, and says that its person is signed out. */
async function signInAgain(manager: UserManager): Promise<void> {
  const now = location.pathname + location.search;
  await manager.removeUser();
  await signIn(manager, now).catch(() => undefined);
}
