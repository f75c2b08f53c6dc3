/** Every operation of the API that the portal calls, one function each. */
import { send, type Query } from "./http";
import type * as T from "./types";

type Signal = AbortSignal | undefined;

export const me = (signal?: Signal) => send<T.Me>("GET", "/v1/me", { signal });
export const linkSlack = () => send<T.SlackLink>("POST", "/v1/me/slack-link");
export const mySlackLinks = (signal?: Signal) =>
  send<T.Page<T.SlackAccount>>("GET", "/v1/me/slack-links", { signal });
export const slackLinks = (query: Query, signal?: Signal) =>
  send<T.Page<T.LinkedSlackAccount>>("GET", "/v1/slack-links", { query, signal });
/** Without a user it is one's own. */
export const unlinkSlack = ({ workspace, id }: T.SlackAccount, user?: string) => {
  const links = user === undefined ? ["me", "slack-links"] : ["slack-links", user];
  return send<undefined>("DELETE", `/v1/${[...links, workspace, id].map(encodeURIComponent).join("/")}`);
};

export const eligibility = (query: Query, signal?: Signal) =>
  send<T.EligibilityPage>("GET", "/v1/eligibility", { query, signal });

export const verdict = (query: Query, signal?: Signal) =>
  send<T.VerdictView>("GET", "/v1/eligibility/verdict", { query, signal });

export const submit = (body: T.Submission, idempotencyKey: string) =>
  send<T.SubmissionAnswer>("POST", "/v1/requests", {
    body,
    headers: { "Idempotency-Key": idempotencyKey },
  });

export const requests = (query: Query, signal?: Signal) =>
  send<T.Page<T.RequestView>>("GET", "/v1/requests", { query, signal });

export const request = (id: string, signal?: Signal) =>
  send<T.RequestDetail>("GET", `/v1/requests/${encodeURIComponent(id)}`, { signal });

export const act = (id: string, action: T.RequestAction, comment?: string) =>
  send<T.RequestView>("POST", `/v1/requests/${encodeURIComponent(id)}/${action}`, {
    body: comment === undefined || comment.trim() === "" ? {} : { comment: comment.trim() },
  });

export const inbox = (query: Query, signal?: Signal) => send<T.Inbox>("GET", "/v1/inbox", { query, signal });
export const markInboxRead = (upTo: number) =>
  send<undefined>("POST", "/v1/inbox/read", { body: { up_to: upTo } });

export const audit = (query: Query, signal?: Signal) =>
  send<T.Page<T.AuditRecord>>("GET", "/v1/audit", { query, signal });

export const directory = <P extends keyof T.DirectoryParts>(part: P, query: Query, signal?: Signal) =>
  send<T.Page<T.DirectoryParts[P]>>("GET", `/v1/directory/${part}`, { query, signal });

const match = (version: number) => ({ "If-Match": `"${version}"` });
const policyPath = (kind: T.PolicyKind, id: string) => `/v1/policies/${kind}/${encodeURIComponent(id)}`;

export const policies = <K extends T.PolicyKind>(kind: K, query: Query, signal?: Signal) =>
  send<T.PolicyList<T.Policies[K]>>("GET", `/v1/policies/${kind}`, { query, signal });
export const createPolicy = (kind: T.PolicyKind, policy: unknown) =>
  send<T.Versioned<unknown>>("POST", `/v1/policies/${kind}`, { body: policy });
export const updatePolicy = (kind: T.PolicyKind, id: string, version: number, policy: unknown) =>
  send<T.Versioned<unknown>>("PUT", policyPath(kind, id), { body: policy, headers: match(version) });
export const deletePolicy = (kind: T.PolicyKind, id: string, version: number) =>
  send<undefined>("DELETE", policyPath(kind, id), { headers: match(version) });

export const policyFindings = (signal?: Signal) =>
  send<T.PolicyFindings>("GET", "/v1/policies/findings", { signal });

export const tryPolicies = (question: { account: string; permission_set: string; change: unknown }) =>
  send<T.Trial>("POST", "/v1/policies/try", { body: question });

export const settings = (signal?: Signal) => send<T.VersionedSettings>("GET", "/v1/settings", { signal });
export const updateSettings = (version: number, body: T.Settings) =>
  send<T.VersionedSettings>("PUT", "/v1/settings", { body, headers: match(version) });

export const simulation = (signal?: Signal) => send<T.Simulation>("GET", "/v1/simulation", { signal });
export const skipTime = (minutes: number) =>
  send<T.Simulation>("POST", "/v1/simulation/skip", { body: { minutes } });
export const injectFault = (kind: T.FaultKind) =>
  send<T.Simulation>("POST", "/v1/simulation/faults", { body: { kind } });
export const crash = () => send<undefined>("POST", "/v1/simulation/crash", { body: {} });
export const identityCenter = (signal?: Signal) =>
  send<T.SimulatedIdentityCenter>("GET", "/v1/simulation/identity-center", { signal });
