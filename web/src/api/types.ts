/** The shapes of the HTTP API, named as the portal uses them. */

export type Instant = string;

export interface Person {
  id: string;
  display_name: string;
  user_name: string;
}

export interface Unit {
  id: string;
  name: string;
}

export type AccountStatus = "active" | "suspended" | "closed";

export interface AccountView {
  id: string;
  name: string;
  status: AccountStatus;
  management: boolean;
  path: Unit[];
}

export interface PermissionSetView {
  arn: string;
  name: string;
  description: string;
  session_duration_minutes: number;
}

export interface PolicyRef {
  id: string;
  version: number;
  name: string;
}

export interface Reason {
  code: string;
  sentence: string;
  parameters: Record<string, unknown>;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  reasons?: Reason[] | null;
  results?: SubmissionResult[] | null;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Role = "administrator" | "auditor";

export interface Me {
  user: Person & { email: string | null };
  roles: Role[];
  to_review: number;
  now: Instant;
  directory_synced_at: Instant | null;
  access_portal_url: string | null;
}

export interface OfferedPermissionSet extends PermissionSetView {
  max_duration_minutes: number;
  max_duration_without_approval_minutes: number | null;
  ticket_required: boolean;
  notes: string[];
}

export interface EligibleAccount {
  account: AccountView;
  permission_sets: OfferedPermissionSet[];
}

export interface EligibilityPage extends Page<EligibleAccount> {
  settings: {
    justification_required: boolean;
    ticket_required: boolean;
    maximum_duration_minutes: number;
  };
  directory_synced_at: Instant | null;
}

export interface RequirementView {
  policy: PolicyRef;
  quorum: number;
  reviewers: Person[];
  reviewers_count: number;
}

export interface TimeWindow {
  starts_at: Instant;
  expires_at: Instant;
}

export interface VerdictView {
  outcome: "ineligible" | "no-approval-needed" | "approval-needed";
  reasons: Reason[];
  eligibility: PolicyRef | null;
  max_duration_minutes: number | null;
  requirements: RequirementView[];
  guardrails: PolicyRef[];
  starts_at: Instant;
  expires_at: Instant;
  open_sessions_until: Instant;
  joined_window: TimeWindow | null;
}

export interface Submission {
  accounts: string[];
  permission_set: string;
  start?: Instant | null;
  duration_minutes: number;
  justification?: string;
  ticket?: string;
}

export interface SubmissionResult {
  account: string;
  request: RequestView | null;
  problem: Problem | null;
}

export interface SubmissionAnswer {
  batch: string | null;
  results: SubmissionResult[];
}

export type RequestState = "pending" | "approved" | "activating" | "active" | "ending" | "closed";
export type RequestOutcome = "denied" | "withdrawn" | "lapsed" | "failed" | "expired" | "revoked";
export type RequestAction = "approve" | "deny" | "withdraw" | "revoke";

export interface Review {
  reviewer: Person;
  decision: "approve" | "deny";
  comment: string | null;
  at: Instant;
}

export interface RequestView {
  id: string;
  batch: string | null;
  requester: Person;
  account: AccountView;
  permission_set: { arn: string; name: string; session_duration_minutes: number };
  state: RequestState;
  outcome: RequestOutcome | null;
  reason: Reason | null;
  start: Instant | null;
  duration_minutes: number;
  justification: string | null;
  ticket: string | null;
  submitted_at: Instant;
  lapses_at: Instant;
  approved_at: Instant | null;
  window: TimeWindow | null;
  joined_window: TimeWindow | null;
  open_sessions_until: Instant | null;
  activated_at: Instant | null;
  ended_at: Instant | null;
  closed_at: Instant | null;
  approval: "policy" | "reviewers" | null;
  requirements: { policy: PolicyRef; quorum: number; met_by: Person[] }[];
  reviews: Review[];
  removal: { started_at: Instant; overdue: boolean; blocked: Reason | null } | null;
  actions: RequestAction[];
  console_url: string | null;
}

export type SystemReason = "clock" | "policy" | "directory" | "identity-center" | "reconciler" | "setup";

export type ActorView =
  { type: "user"; id: string; display_name: string } | { type: "system"; reason: SystemReason };

export type EventKind =
  | "requested"
  | "reviewed"
  | "approved"
  | "activation-started"
  | "activated"
  | "expiry-warned"
  | "revocation-requested"
  | "end-started"
  | "end-blocked"
  | "removal-overdue"
  | "closed";

export interface TimelineEntry {
  sequence: number;
  at: Instant;
  actor: ActorView;
  kind: EventKind;
  data: Record<string, unknown>;
}

export interface RequestDetail extends RequestView {
  timeline: TimelineEntry[];
}

export type InboxKind =
  | "review-wanted"
  | "approved"
  | "denied"
  | "withdrawn"
  | "lapsed"
  | "active"
  | "expiring-soon"
  | "failed"
  | "expired"
  | "revoked"
  | "removal-overdue"
  | "removal-blocked"
  | "policies-changed"
  | "drift-found";

export interface InboxItem {
  kind: InboxKind;
  at: Instant;
  read: boolean;
  request: string | null;
  sequence: number;
  requester: string;
  account: string;
  permission_set: string;
}

export interface Inbox {
  items: InboxItem[];
  unread: number;
}

export interface AuditRecord {
  stream: string;
  sequence: number;
  at: Instant;
  actor: ActorView;
  cause: string;
  append: string;
  kind: string;
  version: number;
  data: Record<string, unknown>;
  previous: string;
}

/** A user, group, account or permission set, as far as its name goes. */
export interface DirectoryEntry {
  id?: string;
  arn?: string;
  name?: string;
  display_name?: string;
  path?: Unit[];
}

export type PolicyKind = "eligibility" | "approvers" | "guardrails";

/** A policy as it is stored; which further fields it has depends on its kind. */
export interface Policy {
  id: string;
  name: string;
  enabled: boolean;
  [field: string]: unknown;
}

export interface VersionedPolicy {
  version: number;
  policy: Policy;
}

export interface PolicyList {
  version: number;
  items: VersionedPolicy[];
}

export interface Settings {
  maximum_duration_minutes: number;
  pending_lapses_after_minutes: number;
  justification_required: boolean;
  ticket_required: boolean;
  expiry_warning_minutes: number;
  channels: { slack: boolean; sns: boolean; email: boolean };
  slack_audit_channel: string | null;
}

export interface VersionedSettings {
  version: number;
  settings: Settings;
}

export type FaultKind = "throttle" | "lose-next-response" | "fail-after-accepting";

export interface Simulation {
  now: Instant;
  skipped_minutes: number;
  faults: { kind: FaultKind; until: Instant | null }[];
  boot: string;
  started_at: Instant;
}

export interface SimulatedAssignment {
  account: { id: string; name: string };
  permission_set: { arn: string; name: string };
  user: Person;
  role_name: string;
  since: Instant;
  created_by: "kari" | "outside";
}

export interface SimulatedOperation {
  id: string;
  kind: "creation" | "deletion";
  account: { id: string; name: string };
  permission_set: { arn: string; name: string };
  user: Person;
  accepted_at: Instant;
}

export interface SimulatedCall {
  at: Instant;
  operation: string;
  target: string;
  outcome: string;
}

export interface SimulatedIdentityCenter {
  assignments: SimulatedAssignment[];
  operations: SimulatedOperation[];
  calls: SimulatedCall[];
  totals: Record<string, number>;
}

export interface PortalConfig {
  authority: string;
  client_id: string;
  scope: string;
  redirect_path: string;
  simulated: boolean;
}
