import Button from "@cloudscape-design/components/button";
import DatePicker from "@cloudscape-design/components/date-picker";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";

import { useText } from "../../i18n/useText";
import { usePeople } from "../directory/usePeople";
import { EMPTY_FILTER, type AuditFilter } from "./filter";

interface Props {
  filter: AuditFilter;
  onChange: (filter: AuditFilter) => void;
}

/** The list follows when the form is sent. */
export function AuditFilters({ filter, onChange }: Props) {
  const text = useText();
  const people = usePeople();
  const [typed, setTyped] = useState(filter);
  const change = (part: Partial<AuditFilter>) => setTyped({ ...typed, ...part });
  const anybody = { value: "", label: text("audit.anybody") };
  const options = [
    anybody,
    ...people.map((person) => ({
      value: person.id,
      label: person.display_name,
      description: person.user_name,
    })),
  ];
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(typed);
      }}
    >
      <FormField label={text("audit.kind")}>
        <Input
          value={typed.kind}
          placeholder="requested"
          onChange={({ detail }) => change({ kind: detail.value })}
        />
      </FormField>
      <FormField label={text("audit.actor")}>
        <Select
          selectedOption={options.find(({ value }) => value === typed.actor) ?? anybody}
          options={options}
          filteringType="auto"
          onChange={({ detail }) => change({ actor: detail.selectedOption.value ?? "" })}
        />
      </FormField>
      <FormField label={text("audit.stream")}>
        <Input
          value={typed.stream}
          placeholder="policies"
          onChange={({ detail }) => change({ stream: detail.value })}
        />
      </FormField>
      <Day label={text("audit.from")} day={typed.from} onChange={(from) => change({ from })} />
      <Day label={text("audit.to")} day={typed.to} onChange={(to) => change({ to })} />
      <div className="filters-buttons">
        <Button formAction="submit" wrapText={false}>
          {text("audit.filter")}
        </Button>
        <Button
          formAction="none"
          variant="link"
          wrapText={false}
          onClick={() => {
            setTyped(EMPTY_FILTER);
            onChange(EMPTY_FILTER);
          }}
        >
          {text("audit.clear")}
        </Button>
      </div>
    </form>
  );
}

function Day({ label, day, onChange }: { label: string; day: string; onChange: (day: string) => void }) {
  return (
    <FormField label={label}>
      <DatePicker
        value={day}
        placeholder="YYYY/MM/DD"
        i18nStrings={{ openCalendarAriaLabel: (selected) => `${label} ${selected ?? ""}` }}
        onChange={({ detail }) => onChange(detail.value)}
      />
    </FormField>
  );
}
