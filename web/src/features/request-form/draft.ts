import { useState } from "react";
import { NavigationType, useNavigationType, useSearchParams } from "react-router";

import type { RequestView, Submission } from "../../api/types";
import { minutesOf } from "../../time/duration";

/** What has been filled in so far. `undefined` means: not touched, so a sensible value may stand in. */
export interface Draft {
  /** Ids, or from a link also names. */
  accounts: string[];
  /** An ARN, or from a link also a name. */
  permissionSet: string | undefined;
  durationMinutes: number | undefined;
  /** What a link said for a duration and is none. */
  durationUnread?: string | undefined;
  otherDuration: boolean;
  later: boolean;
  date: string;
  time: string;
  justification: string;
  ticket: string;
}

const NOW = { otherDuration: false, later: false, date: "", time: "" };

/** What was asked for before, to be asked for now. */
export const draftFromRequest = (before: RequestView): Draft => ({
  ...NOW,
  accounts: [before.account.id],
  permissionSet: before.permission_set.arn,
  durationMinutes: before.duration_minutes,
  justification: before.justification ?? "",
  ticket: before.ticket ?? "",
});

/** What a link says. */
export function draftFromLink(query: URLSearchParams): Draft {
  const duration = query.get("duration")?.trim() ?? "";
  const durationMinutes = minutesOf(duration);
  const accounts = query.getAll("account").flatMap((value) => value.split(","));
  const wanted = accounts.map((one) => one.trim()).filter((one) => one !== "");
  return {
    ...NOW,
    accounts: [...new Set(wanted)],
    permissionSet: query.get("permission_set") ?? undefined,
    durationMinutes,
    durationUnread: duration === "" || durationMinutes !== undefined ? undefined : duration,
    justification: query.get("justification") ?? "",
    ticket: query.get("ticket") ?? "",
  };
}

const KEPT = "kari.draft";

interface Kept {
  person: string;
  /** Of the address at which it was filled in. */
  query: string;
  draft: Draft;
}

/**
 * What this person filled in before, for instance before the session ran out; another's is thrown away. An address that
 * fills in something itself goes on with what was filled in there, and only where somebody comes back to it: where its
 * link is followed anew, that is thrown away as well, or it would take the place of what is shown at the next reload.
 */
export function keptDraft(person: string, query: string, isBack: boolean): Draft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") as Partial<Kept>;
    const isHere = query !== "" && kept.query === query;
    if (kept.person !== person || (isHere && !isBack)) sessionStorage.removeItem(KEPT);
    else if (query === "" || isHere) return kept.draft;
  } catch {
    // Without storage nothing was kept.
  }
  return undefined;
}

export function keepDraft(person: string, query: string, draft: Draft): void {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ person, query, draft } satisfies Kept));
  } catch {
    // Without storage a draft lives as long as its page.
  }
}

export function forgetDraft(): void {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // Without storage nothing was kept.
  }
}

/** A link or an earlier request says what is wanted; without one, what this person began in this tab goes on. */
export function useDraft(person: string, before: RequestView | undefined) {
  const query = useSearchParams()[0].toString();
  // Back and forward, and all that loads the page: a reload, the way back from signing in, and a link from elsewhere.
  const isBack = useNavigationType() === NavigationType.Pop;
  const [draft, setDraft] = useState<Draft>(() => {
    const linked =
      before === undefined ? draftFromLink(new URLSearchParams(query)) : draftFromRequest(before);
    const kept = keptDraft(person, query, isBack);
    return kept === undefined ? linked : { ...draftFromLink(new URLSearchParams()), ...kept };
  });
  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    keepDraft(person, query, next);
    setDraft(next);
  };
  return { draft, change, forget: forgetDraft };
}

/** The chosen start as an instant; `null` for now; `undefined` while it is incomplete. */
export function startOf(draft: Draft): string | null | undefined {
  if (!draft.later) return null;
  const at = new Date(`${draft.date.replaceAll("/", "-")}T${draft.time}`);
  return Number.isNaN(at.getTime()) || draft.time.length < 5
    ? undefined
    : at.toISOString().replace(/\.\d+Z$/, "Z");
}

export function submissionOf(
  draft: Draft,
  accounts: string[],
  permissionSet: string,
  durationMinutes: number,
  start: string | null,
): Submission {
  const justification = draft.justification.trim();
  const ticket = draft.ticket.trim();
  return {
    accounts,
    permission_set: permissionSet,
    duration_minutes: durationMinutes,
    ...(start === null ? {} : { start }),
    ...(justification === "" ? {} : { justification }),
    ...(ticket === "" ? {} : { ticket }),
  };
}
