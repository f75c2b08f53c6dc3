import Autosuggest, { type AutosuggestProps } from "@cloudscape-design/components/autosuggest";
import Button from "@cloudscape-design/components/button";
import DatePicker from "@cloudscape-design/components/date-picker";
import FormField from "@cloudscape-design/components/form-field";
import { useState } from "react";

import { useText } from "../../i18n/useText";
import { DirectorySelect } from "../directory/DirectorySelect";
import { EMPTY_FILTER, type AuditFilter } from "./filter";
import { KIND_TEXT, STREAM_TEXT } from "./kinds";

interface Props {
  filter: AuditFilter;
  onChange: (filter: AuditFilter) => void;
}

/** The list follows when the form is sent. */
export function AuditFilters({ filter, onChange }: Props) {
  const text = useText();
  const [typed, setTyped] = useState(filter);
  const change = (part: Partial<AuditFilter>) => setTyped({ ...typed, ...part });
  const kinds = Object.entries(KIND_TEXT).flatMap(([value, label]) =>
    label === undefined ? [] : [{ value, label: text(label), labelTag: value }],
  );
  const streams = Object.entries(STREAM_TEXT).map(([value, label]) => ({
    value,
    label: text(label),
    labelTag: value,
  }));
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(typed);
      }}
    >
      <FormField label={text("audit.kind")}>
        <Suggested
          value={typed.kind}
          options={kinds}
          label={text("audit.kind")}
          placeholder={text("audit.allKinds")}
          onChange={(kind) => change({ kind })}
        />
      </FormField>
      <FormField label={text("audit.actor")}>
        <DirectorySelect
          part="users"
          chosen={typed.actor}
          none={text("audit.anybody")}
          placeholder={text("audit.anybody")}
          onChange={(actor) => change({ actor })}
        />
      </FormField>
      <FormField label={text("audit.stream")}>
        <Suggested
          value={typed.stream}
          options={streams}
          label={text("audit.stream")}
          placeholder={text("audit.everything")}
          onChange={(stream) => change({ stream })}
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

interface SuggestedProps {
  value: string;
  options: AutosuggestProps.Option[];
  label: string;
  placeholder: string;
  onChange: (value: string) => void;
}

/** One of what there is usually, or anything else that is typed. */
function Suggested({ value, options, label, placeholder, onChange }: SuggestedProps) {
  const text = useText();
  return (
    <Autosuggest
      value={value}
      options={options}
      ariaLabel={label}
      placeholder={placeholder}
      enteredTextLabel={(typed) => text("audit.typed", { typed })}
      onChange={({ detail }) => onChange(detail.value)}
    />
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
