import { NotSignedIn } from "../api/problem";

/** What keeping a token needs of the session. */
export interface Ways {
  /** Whether somebody has just signed in, and nobody knows yet what that is worth. */
  arrived: boolean;
  /** A fresh token for the same session, or `undefined` where it is over. Throws where nobody answers. */
  renew: () => Promise<string | undefined>;
  /** Leaves the page. */
  signInAgain: () => void;
}

/** The access token of a session, for as long as that goes on. */
export interface KeptToken {
  /** `null` once the session is over. */
  current: () => string | null;
  /** The API has taken it. */
  taken: () => void;
  /** The API has not taken it: resolves to whether there is another one to try. Throws where none would be. */
  rejected: (token: string | null) => Promise<boolean>;
  /** It ends soon. */
  expiring: () => Promise<void>;
  /** It has ended. */
  expired: () => Promise<void>;
}

/** Renews a token before it ends or as soon as it is missed: nobody is sent away from what they are doing. */
export function keepToken(first: string | undefined, { arrived, renew, signInAgain }: Ways): KeptToken {
  let token = first ?? null;
  let proven = !arrived;
  // The one that came in place of one that was not taken, until it is taken itself.
  let substitute: string | null = null;
  let renewing: Promise<boolean> | undefined;

  const renewNow = async () => {
    const next = await renew();
    if (next === undefined) return false;
    token = next;
    return true;
  };
  // However many calls miss it at once.
  const renewOnce = () => (renewing ??= renewNow().finally(() => (renewing = undefined)));
  const leave = () => {
    if (token !== null) signInAgain();
    token = null;
    return false;
  };
  const renewOrLeave = async () => (await renewOnce()) || leave();

  return {
    current: () => token,
    taken: () => {
      proven = true;
      substitute = null;
    },
    rejected: async (rejected) => {
      if (token === null) return false;
      if (rejected !== token) return true;
      // NB. Whoever has only just signed in would be sent to and fro for ever.
      if (!proven) throw new NotSignedIn("sign-in-not-taken");
      // NB. Renewing what was renewed for the same cause could go on for ever.
      if (token === substitute) return leave();
      if (!(await renewOrLeave())) return false;
      substitute = token;
      return true;
    },
    // Nothing is lost if this does not work: it is tried again when the token has ended.
    expiring: () => renewOnce().then(ignore, ignore),
    // Nor here: the next call finds out, and tries again.
    expired: () => renewOrLeave().then(ignore, ignore),
  };
}

const ignore = () => undefined;
