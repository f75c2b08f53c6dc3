import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import Toggle from "@cloudscape-design/components/toggle";

import { useText } from "../../i18n/useText";
import { CheckedField, CheckedGroup } from "../../app/CheckedField";
import { PolicyDuration } from "./PolicyDuration";
import type { WholePolicies } from "./whole";

type Policy = WholePolicies["eligibility"];

/** For how long, and under which conditions. */
export function EligibilityRules({
  policy,
  onChange,
}: {
  policy: Policy;
  onChange: (part: Partial<Policy>) => void;
}) {
  const text = useText();
  return (
    <SpaceBetween size="l">
      <CheckedGroup field="max_duration_minutes" label={text("policies.longest")}>
        <PolicyDuration
          label={text("policies.longest")}
          minutes={policy.max_duration_minutes}
          onChange={(max_duration_minutes) => onChange({ max_duration_minutes })}
        />
      </CheckedGroup>
      <Toggle
        checked={policy.approval_required}
        onChange={({ detail }) => onChange({ approval_required: detail.checked })}
      >
        {text("policies.approvalChoice")}
      </Toggle>
      <Toggle
        checked={policy.ticket_required}
        onChange={({ detail }) => onChange({ ticket_required: detail.checked })}
      >
        {text("policies.ticketChoice")}
      </Toggle>
      <CheckedField field="note" label={text("policies.note")} description={text("policies.noteHint")}>
        <Textarea
          value={policy.note ?? ""}
          rows={2}
          onChange={({ detail }) => onChange({ note: detail.value === "" ? null : detail.value })}
        />
      </CheckedField>
    </SpaceBetween>
  );
}
