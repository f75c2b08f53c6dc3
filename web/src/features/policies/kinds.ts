import type { Policies, PolicyKind } from "../../api/types";
import type { MessageId } from "../../i18n/useText";

export const KIND_TEXT: Record<PolicyKind, { title: MessageId; hint: MessageId }> = {
  eligibility: { title: "policies.eligibility", hint: "policies.eligibility.hint" },
  approvers: { title: "policies.approvers", hint: "policies.approvers.hint" },
  guardrails: { title: "policies.guardrails", hint: "policies.guardrails.hint" },
};

export const POLICY_KINDS = Object.keys(KIND_TEXT) as PolicyKind[];

const targets = { all: false, accounts: [], units: [], excluded_accounts: [], excluded_units: [] };
const nobody = { users: [], groups: [] };

/** Where a new policy starts from: every field there is, and nothing allowed yet. */
export const BLANK: Policies = {
  eligibility: {
    id: "",
    name: "",
    enabled: false,
    principals: { everyone: false, ...nobody },
    targets,
    permission_sets: { these: [] },
    max_duration_minutes: 60,
    approval_required: true,
    ticket_required: false,
    note: null,
  },
  approvers: {
    id: "",
    name: "",
    enabled: false,
    targets,
    permission_sets: "all",
    requirements: [{ reviewers: nobody, quorum: 1 }],
    notify: nobody,
    in_addition: false,
  },
  guardrails: {
    id: "",
    name: "",
    enabled: false,
    principals: { everyone: true, ...nobody },
    targets: { ...targets, all: true },
    permission_sets: "all",
    effect: "require-approval",
  },
};
