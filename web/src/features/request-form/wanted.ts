import type { AccountView, EligibleAccount } from "../../api/types";

/** An account that cannot be taken as it is wanted. */
export interface Unavailable {
  wanted: string;
  /** Those that share the name; none where there is no such account to ask for. */
  bearers: AccountView[];
}

export interface Settled {
  /** By id; what is not available, or not known yet, as it was wanted. */
  ids: string[];
  known: EligibleAccount[];
  unavailable: Unavailable[];
}

/** Links name an account by its id or its name. */
export const isAccountId = (wanted: string): boolean => /^\d{12}$/.test(wanted);

/**
 * The id of a wanted account that is not offered. By its name it is found only among accounts that the caller
 * knows: nobody else is told that there is one.
 */
export const idOf = (wanted: string, known: AccountView[]): string | undefined =>
  isAccountId(wanted) ? wanted : known.find(({ name }) => name === wanted)?.id;

const isMeant =
  (wanted: string) =>
  ({ account }: EligibleAccount) =>
    account.id === wanted || account.name === wanted;

/** What the wanted accounts are, by what the API found for each; nothing where it has not answered yet. */
export function settle(wanted: string[], found: (EligibleAccount[] | undefined)[]): Settled {
  const settled: Settled = { ids: [], known: [], unavailable: [] };
  wanted.forEach((one, index) => {
    const meant = found[index]?.filter(isMeant(one));
    const [only] = meant ?? [];
    if (only !== undefined && meant?.length === 1) {
      if (settled.ids.includes(only.account.id)) return;
      settled.ids.push(only.account.id);
      settled.known.push(only);
      return;
    }
    settled.ids.push(one);
    if (meant !== undefined)
      settled.unavailable.push({ wanted: one, bearers: meant.map(({ account }) => account) });
  });
  return settled;
}
