/** Policies with every field there is, which is what the form works with. */
import type { Policies, PolicyKind } from "../../api/types";

/** Nothing left out, however deep. */
type Whole<T> = T extends readonly (infer E)[]
  ? Whole<E>[]
  : T extends object
    ? { [K in keyof T]-?: Whole<T[K]> }
    : Exclude<T, undefined>;

export type WholePolicies = { [K in PolicyKind]: Whole<Policies[K]> };
export type WholePeople = WholePolicies["approvers"]["notify"];
export type WholePrincipals = WholePolicies["guardrails"]["principals"];
export type WholeTargets = WholePolicies["guardrails"]["targets"];
export type WholePermissionSets = WholePolicies["guardrails"]["permission_sets"];
export type Effect = Policies["guardrails"]["effect"];

/** A policy being written, and which kind it is. */
export type Draft = { [K in PolicyKind]: { kind: K; policy: WholePolicies[K] } }[PolicyKind];

const nobody = (): WholePeople => ({ users: [], groups: [] });
const nowhere = (): WholeTargets => ({
  all: false,
  accounts: [],
  units: [],
  excluded_accounts: [],
  excluded_units: [],
});

/** Where a new policy starts from: every field there is, and nothing allowed yet. */
export const BLANK: { [K in PolicyKind]: () => WholePolicies[K] } = {
  eligibility: () => ({
    id: "",
    name: "",
    enabled: true,
    principals: { everyone: false, ...nobody() },
    targets: nowhere(),
    permission_sets: { these: [] },
    max_duration_minutes: 60,
    approval_required: true,
    ticket_required: false,
    note: null,
  }),
  approvers: () => ({
    id: "",
    name: "",
    enabled: true,
    targets: nowhere(),
    permission_sets: "all",
    requirements: [{ reviewers: nobody(), quorum: 1 }],
    notify: nobody(),
    in_addition: false,
    portal_only: false,
    slack_channel: null,
  }),
  guardrails: () => ({
    id: "",
    name: "",
    enabled: true,
    principals: { everyone: true, ...nobody() },
    targets: { ...nowhere(), all: true },
    permission_sets: "all",
    effect: "require-approval",
  }),
};

/** Thrown by readers for what a form cannot show. */
class Misfit extends Error {}

type Reader<T> = (value: unknown) => T;

const isA =
  <T>(type: "string" | "number" | "boolean"): Reader<T> =>
  (value) => {
    if (typeof value !== type) throw new Misfit();
    return value as T;
  };
const string = isA<string>("string");
const number = isA<number>("number");
const boolean = isA<boolean>("boolean");
const stringOrNull: Reader<string | null> = (value) => (value === null ? null : string(value));
const list =
  <T>(each: Reader<T>): Reader<T[]> =>
  (value) => {
    if (!Array.isArray(value)) throw new Misfit();
    return value.map(each);
  };

/** An object of these fields and no others; those left out are as in `missing`. */
function record<T extends object>(fields: { [K in keyof T]: Reader<T[K]> }, missing: T): Reader<T> {
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Misfit();
    if (Object.keys(value).some((name) => !(name in fields))) throw new Misfit();
    const given = value as Partial<Record<keyof T, unknown>>;
    const read = (name: keyof T) => (name in given ? fields[name](given[name]) : missing[name]);
    const names = Object.keys(fields) as (keyof T)[];
    return Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as T;
  };
}

const ids = list(string);
const people = record<WholePeople>({ users: ids, groups: ids }, nobody());
const principals = record<WholePrincipals>(
  { everyone: boolean, users: ids, groups: ids },
  { everyone: false, ...nobody() },
);
const targets = record<WholeTargets>(
  { all: boolean, accounts: ids, units: ids, excluded_accounts: ids, excluded_units: ids },
  nowhere(),
);
const these = record<{ these: string[] }>({ these: ids }, { these: [] });
const permissionSets: Reader<WholePermissionSets> = (value) => (value === "all" ? value : these(value));
const cap = record({ cap: record({ minutes: number }, { minutes: 0 }) }, { cap: { minutes: 0 } });
const effect: Reader<Effect> = (value) =>
  value === "forbid" || value === "require-approval" ? value : cap(value);
const requirement = record({ reviewers: people, quorum: number }, { reviewers: nobody(), quorum: 1 });
const head = { id: string, name: string, enabled: boolean };
const scope = { targets, permission_sets: permissionSets };

const READERS: { [K in PolicyKind]: Reader<WholePolicies[K]> } = {
  eligibility: record(
    {
      ...head,
      principals,
      ...scope,
      max_duration_minutes: number,
      approval_required: boolean,
      ticket_required: boolean,
      note: stringOrNull,
    },
    BLANK.eligibility(),
  ),
  approvers: record(
    {
      ...head,
      ...scope,
      requirements: list(requirement),
      notify: people,
      in_addition: boolean,
      portal_only: boolean,
      slack_channel: stringOrNull,
    },
    BLANK.approvers(),
  ),
  guardrails: record({ ...head, principals, ...scope, effect }, BLANK.guardrails()),
};

/** The draft of a policy that came as JSON; nothing if the form could not show all of it. */
export function draftOf(kind: PolicyKind, policy: unknown): Draft | undefined {
  try {
    return { kind, policy: READERS[kind](policy) } as Draft;
  } catch (error) {
    if (error instanceof Misfit) return undefined;
    throw error;
  }
}

/** An id made of a name, as far as its letters go, that nobody else has; none of a name without such letters. */
export function idFor(name: string, taken: string[]): string {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-");
  const short = words.slice(0, 56).replace(/^-+|-+$/g, "");
  const free = (wish: string, number: number): string => {
    const id = number === 1 ? wish : `${wish}-${number}`;
    return taken.includes(id) ? free(wish, number + 1) : id;
  };
  return short === "" ? "" : free(short, 1);
}
