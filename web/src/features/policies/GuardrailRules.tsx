import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { useText } from "../../i18n/useText";
import { PolicyDuration } from "./PolicyDuration";
import { CheckedGroup } from "../../app/CheckedField";
import type { Effect } from "./whole";

type EffectName = "forbid" | "require-approval" | "cap";

const USUAL_CAP: Effect = { cap: { minutes: 60 } };

/** What the guardrail takes away. */
export function GuardrailRules({ effect, onChange }: { effect: Effect; onChange: (effect: Effect) => void }) {
  const text = useText();
  const chosen: EffectName = typeof effect === "string" ? effect : "cap";
  const choose = (name: string) => {
    if (name === "forbid" || name === "require-approval") onChange(name);
    else onChange(USUAL_CAP);
  };
  return (
    <CheckedGroup field="effect" label={text("policies.effect")}>
      <SpaceBetween size="s">
        <RadioGroup
          value={chosen}
          ariaLabel={text("policies.effect")}
          items={[
            {
              value: "require-approval",
              label: text("policies.requireApproval"),
              description: text("policies.requireApprovalHint"),
            },
            { value: "cap", label: text("policies.capChoice"), description: text("policies.capHint") },
            { value: "forbid", label: text("policies.forbid"), description: text("policies.forbidHint") },
          ]}
          onChange={({ detail }) => choose(detail.value)}
        />
        {typeof effect !== "string" && (
          <PolicyDuration
            label={text("policies.capChoice")}
            minutes={effect.cap.minutes}
            onChange={(minutes) => onChange({ cap: { minutes } })}
          />
        )}
      </SpaceBetween>
    </CheckedGroup>
  );
}
