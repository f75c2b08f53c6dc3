import type { EligibilityPage, OfferedPermissionSet } from "../../api/types";
import { startOf, type Draft } from "./draft";
import { obstacles, leftOut } from "./obstacles";
import {
  commonOffers,
  LONGEST,
  LONGEST_AT_FIRST,
  longestOf,
  needsTicket,
  notesOf,
  SHORTEST,
  usualDuration,
} from "./offers";
import { lengthProblem } from "./texts";
import { useNotOffered } from "./useNotOffered";
import { useDebounced } from "../../app/useDebounced";
import { useAccountSearch, useChosenAccounts } from "./useOffers";
import { useVerdicts } from "./useVerdicts";

const TO_BE_TYPED = "-";

/** Links may name a permission set by its ARN or its name; one that is alone needs no choosing. */
function find(offers: OfferedPermissionSet[], wanted: string | undefined): OfferedPermissionSet | undefined {
  if (wanted === undefined) return offers.length === 1 ? offers[0] : undefined;
  return offers.find((offer) => offer.arn === wanted || offer.name === wanted);
}

/** How long may be asked for at most, by what is chosen so far; nothing while that is not known. */
function useLongest(
  accounts: string[],
  chosen: ReturnType<typeof useChosenAccounts>,
  permissionSet: OfferedPermissionSet | undefined,
): number | undefined {
  const all = useAccountSearch("");
  if (permissionSet !== undefined) return permissionSet.max_duration_minutes;
  if (accounts.length > 0) return chosen.loading ? undefined : longestOf(commonOffers(chosen.known));
  // Beyond the first page there may be more.
  return all.hasNextPage ? undefined : longestOf(all.accounts?.flatMap((one) => one.permission_sets) ?? []);
}

/** Everything that follows from what was filled in and what the API says to it. */
export function useFormState(draft: Draft, settings: EligibilityPage["settings"] | undefined) {
  const chosen = useChosenAccounts(draft.accounts);
  const permissionSet = find(chosen.offers, draft.permissionSet);
  const longest = useLongest(draft.accounts, chosen, permissionSet);
  const limit = longest ?? settings?.maximum_duration_minutes ?? LONGEST_AT_FIRST;
  const duration = draft.durationMinutes ?? usualDuration(limit);
  const ticketRequired =
    (settings?.ticket_required ?? false) ||
    (permissionSet !== undefined && needsTicket(chosen.known, permissionSet.arn, duration));
  const start = startOf(draft);
  // What is still to be typed shall not hide who will approve: the form asks for it before sending.
  const ticket = draft.ticket.trim() || (ticketRequired ? TO_BE_TYPED : "");
  const question =
    permissionSet === undefined || start === undefined || duration < SHORTEST || duration > LONGEST
      ? undefined
      : { permissionSet: permissionSet.arn, durationMinutes: duration, start, ticket };
  const asked = useDebounced(JSON.stringify(question ?? null));
  const verdicts = useVerdicts(
    chosen.known.map(({ account }) => account.id),
    (JSON.parse(asked) as typeof question | null) ?? undefined,
  );
  const refused = leftOut(verdicts);
  const possible = chosen.ids.filter((id) => !chosen.unavailable.some(({ wanted }) => wanted === id));
  const justification = lengthProblem("justification", draft.justification);
  const missing = {
    accounts: draft.accounts.length === 0,
    permissionSet: permissionSet === undefined,
    justification:
      justification !== undefined ||
      ((settings?.justification_required ?? true) && draft.justification.trim() === ""),
    ticket:
      lengthProblem("ticket", draft.ticket) !== undefined || (ticketRequired && draft.ticket.trim() === ""),
    start: start === undefined,
  };
  return {
    chosen,
    permissionSet,
    longest,
    limit,
    duration,
    durationOff: duration < SHORTEST || duration > limit,
    notOffered: useNotOffered(chosen, draft.permissionSet, usualDuration(limit)),
    notes: permissionSet === undefined ? [] : notesOf(chosen.known, permissionSet.arn),
    ticketRequired,
    verdicts,
    missing,
    /** The accounts that there are to ask for. */
    possible,
    /** Those of them that can be asked for; the others would be refused. */
    askable: possible.filter((id) => !refused.some(({ account }) => account === id)),
    refused,
    incomplete: Object.values(missing).some(Boolean),
    /** Why every account would be refused; empty while one would not. */
    obstacles: obstacles(verdicts),
  };
}
