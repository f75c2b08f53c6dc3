import type { PolicyFinding, PolicyKind } from "../../api/types";
import type { MessageId } from "../../i18n/useText";

export const KIND_TEXT: Record<PolicyKind, { title: MessageId; hint: MessageId; create: MessageId }> = {
  eligibility: {
    title: "policies.eligibility",
    hint: "policies.eligibility.hint",
    create: "policies.eligibility.create",
  },
  approvers: {
    title: "policies.approvers",
    hint: "policies.approvers.hint",
    create: "policies.approvers.create",
  },
  guardrails: {
    title: "policies.guardrails",
    hint: "policies.guardrails.hint",
    create: "policies.guardrails.create",
  },
};

export const SEVERITY_TEXT: Record<PolicyFinding["severity"], MessageId> = {
  error: "finding.error",
  warning: "finding.warning",
  info: "finding.info",
};

export const POLICY_KINDS = Object.keys(KIND_TEXT) as PolicyKind[];

export const policyHref = (kind: PolicyKind, id: string) => `/policies/${kind}/${encodeURIComponent(id)}`;
export const newPolicyHref = (kind: PolicyKind) => `/policies/new/${kind}`;
export const policiesHref = (kind: PolicyKind) => `/policies?kind=${kind}`;
