import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";

import { useText } from "../../i18n/useText";
import { CheckedField } from "../../app/CheckedField";
import { idFor } from "./whole";

interface Named {
  id: string;
  name: string;
  enabled: boolean;
}

interface Props {
  policy: Named;
  /** The ids there are already; none where the id can no longer change. */
  taken: string[] | undefined;
  onChange: (part: Partial<Named>) => void;
}

/** What the policy is called, and whether it counts. The id of a new one follows its name until it is typed. */
export function NameFields({ policy, taken, onChange }: Props) {
  const text = useText();
  const rename = (name: string) => {
    const follows = taken !== undefined && ["", idFor(policy.name, taken)].includes(policy.id);
    onChange(follows ? { name, id: idFor(name, taken) } : { name });
  };
  const unnamed = policy.id === "" && policy.name.trim() !== "";
  return (
    <SpaceBetween size="l">
      <CheckedField field="name" label={text("policies.name")}>
        <Input value={policy.name} onChange={({ detail }) => rename(detail.value)} />
      </CheckedField>
      {taken !== undefined && (
        <CheckedField
          field="id"
          label={text("policies.id")}
          description={text("policies.idHint")}
          constraintText={unnamed ? text("policies.idNeeded") : undefined}
        >
          <Input value={policy.id} onChange={({ detail }) => onChange({ id: detail.value })} />
        </CheckedField>
      )}
      <Toggle checked={policy.enabled} onChange={({ detail }) => onChange({ enabled: detail.checked })}>
        {text("policies.enabledChoice")}
      </Toggle>
    </SpaceBetween>
  );
}
