import { byName } from "../../app/byName";
import type { AccountView, EligibleAccount, OfferedPermissionSet } from "../../api/types";

const least = (a: number | null, b: number | null) => (a === null || b === null ? null : Math.min(a, b));

function narrower(a: OfferedPermissionSet, b: OfferedPermissionSet): OfferedPermissionSet {
  return {
    ...a,
    max_duration_minutes: Math.min(a.max_duration_minutes, b.max_duration_minutes),
    max_duration_without_approval_minutes: least(
      a.max_duration_without_approval_minutes,
      b.max_duration_without_approval_minutes,
    ),
    notes: [...new Set([...a.notes, ...b.notes])],
  };
}

/** The permission sets offered on every one of these accounts, by name, each as narrow as the narrowest offer. */
export function commonOffers(accounts: EligibleAccount[]): OfferedPermissionSet[] {
  const [first, ...others] = accounts;
  if (first === undefined) return [];
  return byName(first.permission_sets).flatMap((offer) => {
    const elsewhere = others.map((other) => other.permission_sets.find((set) => set.arn === offer.arn));
    if (elsewhere.some((found) => found === undefined)) return [];
    return [elsewhere.filter((found) => found !== undefined).reduce(narrower, offer)];
  });
}

/** Whether a permission set needs a ticket for so long on any of these accounts. */
export function needsTicket(accounts: EligibleAccount[], arn: string, minutes: number): boolean {
  const offers = accounts.flatMap(({ permission_sets }) => permission_sets.filter((set) => set.arn === arn));
  const term = (offer: OfferedPermissionSet) => offer.terms.find((term) => minutes <= term.up_to_minutes);
  return offers.some((offer) => term(offer)?.ticket_required ?? false);
}

/** How long any of these may be asked for at most; nothing where there are none. */
export function longestOf(offers: OfferedPermissionSet[]): number | undefined {
  return offers.length === 0
    ? undefined
    : Math.max(...offers.map(({ max_duration_minutes: minutes }) => minutes));
}

/** What the policies say to a permission set, each note once and with the accounts that it is of. */
export function notesOf(accounts: EligibleAccount[], arn: string): { note: string; accounts: string[] }[] {
  const found = new Map<string, string[]>();
  for (const { account, permission_sets } of accounts)
    for (const note of permission_sets.find((set) => set.arn === arn)?.notes ?? [])
      found.set(note, [...(found.get(note) ?? []), account.name]);
  return [...found].map(([note, accounts]) => ({ note, accounts }));
}

/** No grant is shorter, whatever a policy says. */
export const SHORTEST = 15;
/** Nor longer than seven days: the API answers no question about more. */
export const LONGEST = 10_080;
/** What the settings allow until somebody changes them; taken until they are known. */
export const LONGEST_AT_FIRST = 1440;

const CHOICES = [15, 30, 60, 120, 240, 480, 720, 1440];
const USUAL = 60;

/** The round durations up to a limit. */
export function durationChoices(limit: number): number[] {
  return CHOICES.filter((minutes) => minutes <= limit);
}

/** An hour, or the longest round duration that fits if an hour does not. */
export function usualDuration(limit: number): number {
  return limit >= USUAL ? USUAL : (durationChoices(limit).at(-1) ?? limit);
}

const FEW = 12;
const LATELY = 6;

/** Accounts to offer by one press: those asked for lately, and then all where they are only a few. */
export function suggestedAccounts(
  eligible: AccountView[],
  areAll: boolean,
  lately: AccountView[],
): AccountView[] {
  const once = (accounts: AccountView[]) => [...new Map(accounts.map((a) => [a.id, a])).values()];
  if (!areAll || eligible.length > FEW) return once(lately).slice(0, LATELY);
  const allowed = new Set(eligible.map(({ id }) => id));
  return once([...lately.filter(({ id }) => allowed.has(id)), ...eligible]);
}
