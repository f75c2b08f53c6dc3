/** The shapes of the HTTP API, by the names the portal uses; all are generated from its snapshots. */
import type { components as Local } from "./local";
import type { components as Api } from "./schema";

type Schemas = Api["schemas"];
type LocalSchemas = Local["schemas"];

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type AccountView = Schemas["AccountView"];
export type Unit = Schemas["UnitView"];
export type Person = Schemas["Person"];
export type PolicyRef = Schemas["PolicyRef"];
export type Reason = Schemas["Reason"];
export type Problem = Schemas["Problem"];
export type Me = Schemas["Me"];
export type SlackLink = Schemas["SlackLink"];
export type SlackAccount = Schemas["SlackAccount"];
export type LinkedSlackAccount = Schemas["LinkedSlackAccount"];

export type OfferedPermissionSet = Schemas["OfferView"];
export type EligibleAccount = Schemas["EligibleAccount"];
export type EligibilityPage = Schemas["EligibilityList"];
export type VerdictView = Schemas["VerdictView"];

export type Submission = Schemas["Submission"];
export type SubmissionResult = Schemas["SubmissionResult"];
export type SubmissionAnswer = Schemas["SubmissionAnswer"];

export type RequestView = Schemas["RequestView"];
export type RequestDetail = Schemas["RequestDetail"];
export type RequestState = Schemas["RequestState"];
export type RequestOutcome = Schemas["RequestOutcome"];
export type RequestAction = Schemas["RequestAction"];
export type TimelineEntry = Schemas["TimelineEntry"];
export type Happening = Schemas["Happening"];
export type ActorView = Schemas["Actor"];
export type SystemReason = Schemas["SystemReason"];
export type EndCause = Schemas["EndCause"];
export type Evidence = Schemas["Evidence"];

export type ReadableRecord = Omit<Schemas["AuditEntry"], "data"> & { data: unknown };
export type UnreadableRecord = Schemas["UnreadableEntry"];
export type AuditRecord = ReadableRecord | UnreadableRecord;

/** The kinds of policies, by the segment of their path. */
export interface Policies {
  eligibility: Schemas["EligibilityPolicy"];
  approvers: Schemas["ApproverPolicy"];
  guardrails: Schemas["Guardrail"];
}
export type PolicyKind = keyof Policies;
/** What all kinds have in common. */
export type AnyPolicy = Policies[PolicyKind];
export interface Versioned<P> {
  version: number;
  policy: P;
}
export interface PolicyList<P> extends Page<Versioned<P>> {
  version: number;
}
export type PolicyFinding = Schemas["PolicyFinding"];
export type PolicyFindings = Schemas["PolicyFindings"];
export type TrialQuestion = Schemas["TrialQuestion"];
export type TrialChange = Schemas["TrialChange"];
export type TrialDifference = Schemas["TrialDifference"];
export type Trial = Schemas["Trial"];
export type Tried = Schemas["TriedView"];
export type Reach = Schemas["Reach"];
export type RequirementOutlook = Schemas["RequirementOutlook"];
export type Principals = Schemas["Principals"];
export type People = Schemas["People"];
export type Targets = Schemas["Targets"];
export type PermissionSets = Schemas["PermissionSets"];

export type Channel = Schemas["Channel"];
export type Settings = Schemas["Settings"];
export type VersionedSettings = Schemas["VersionedSettings"];

/** The parts of the directory, by the segment of their path. */
export interface DirectoryParts {
  users: Schemas["DirectoryUser"];
  groups: Schemas["DirectoryGroup"];
  accounts: AccountView;
  units: Schemas["DirectoryUnit"];
  "permission-sets": Schemas["PermissionSetView"];
}

export type InboxKind = LocalSchemas["InboxKind"];
export type InboxItem = LocalSchemas["InboxItem"];
export type Inbox = LocalSchemas["Inbox"];

export type FaultKind = LocalSchemas["FaultKind"];
export type Fault = LocalSchemas["Fault"];
export type Simulation = LocalSchemas["Simulation"];
export type SimulatedAssignment = LocalSchemas["SimulatedAssignment"];
export type SimulatedOperation = LocalSchemas["SimulatedOperation"];
export type SimulatedCall = LocalSchemas["SimulatedCall"];
export type SimulatedIdentityCenter = LocalSchemas["SimulatedIdentityCenter"];

/** What the portal is told before anybody is signed in. */
export interface PortalConfig {
  authority: string;
  client_id: string;
  scope: string;
  redirect_path: string;
  /** Whether the API is opened by identity tokens instead of access tokens. */
  identity_tokens?: boolean;
  /** Who signs people in, where the issuer would let them choose; absent: nobody to name. */
  identity_provider?: string;
  /** Where to end the session at an identity provider that has a way of its own; absent: the standard one. */
  sign_out_url?: string;
  simulated: boolean;
}
