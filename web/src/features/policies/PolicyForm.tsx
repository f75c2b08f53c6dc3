import SpaceBetween from "@cloudscape-design/components/space-between";

import { useText } from "../../i18n/useText";
import { ApproverRules } from "./ApproverRules";
import { EligibilityRules } from "./EligibilityRules";
import { FormSection } from "../../app/FormSection";
import { GuardrailRules } from "./GuardrailRules";
import { NameFields } from "./NameFields";
import { WhatField, WhereField, WhoField } from "./ScopeFields";
import type { Draft } from "./whole";

interface Props {
  draft: Draft;
  /** The ids there are already, for a new policy. */
  taken: string[] | undefined;
  onChange: (draft: Draft) => void;
}

/** A policy as a form. Which values make sense is for the API to say. */
export function PolicyForm({ draft, taken, onChange }: Props) {
  const text = useText();
  const { kind, policy } = draft;
  const change = (part: object) => onChange({ kind, policy: { ...policy, ...part } } as Draft);
  return (
    <SpaceBetween size="m">
      <FormSection title={text("policies.sectionName")}>
        <NameFields policy={policy} taken={taken} onChange={change} />
      </FormSection>
      <FormSection title={text("policies.sectionScope")}>
        {draft.kind !== "approvers" && (
          <WhoField value={draft.policy.principals} onChange={(principals) => change({ principals })} />
        )}
        <WhatField
          value={policy.permission_sets}
          onChange={(permission_sets) => change({ permission_sets })}
        />
        <WhereField
          value={policy.targets}
          onChange={(targets) => change({ targets })}
          restricts={draft.kind === "guardrails" || (draft.kind === "approvers" && draft.policy.in_addition)}
        />
      </FormSection>
      <FormSection title={text("policies.rules")}>
        {draft.kind === "eligibility" && <EligibilityRules policy={draft.policy} onChange={change} />}
        {draft.kind === "approvers" && <ApproverRules policy={draft.policy} onChange={change} />}
        {draft.kind === "guardrails" && (
          <GuardrailRules effect={draft.policy.effect} onChange={(effect) => change({ effect })} />
        )}
      </FormSection>
    </SpaceBetween>
  );
}
