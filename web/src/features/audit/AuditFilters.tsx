import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";

import { useText, type MessageId } from "../../i18n/useText";

type Field = "kind" | "actor" | "stream" | "from" | "to";
export type AuditFilter = Record<Field, string>;

export const EMPTY_FILTER: AuditFilter = { kind: "", actor: "", stream: "", from: "", to: "" };

const LABEL: Record<Field, MessageId> = {
  kind: "audit.kind",
  actor: "audit.actorId",
  stream: "audit.stream",
  from: "audit.from",
  to: "audit.to",
};

const PLACEHOLDER: Record<Field, string> = {
  kind: "requested",
  actor: "",
  stream: "",
  from: "2026-01-01T00:00:00Z",
  to: "2026-12-31T00:00:00Z",
};

const FIELDS = Object.keys(LABEL) as Field[];

/** The API's own filters; the list follows when the form is sent. */
export function AuditFilters({
  filter,
  onChange,
}: {
  filter: AuditFilter;
  onChange: (filter: AuditFilter) => void;
}) {
  const text = useText();
  const [typed, setTyped] = useState(filter);
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(typed);
      }}
    >
      {FIELDS.map((field) => (
        <FormField key={field} label={text(LABEL[field])}>
          <Input
            value={typed[field]}
            placeholder={PLACEHOLDER[field]}
            onChange={({ detail }) => setTyped({ ...typed, [field]: detail.value })}
          />
        </FormField>
      ))}
      <div className="filters-buttons">
        <Button formAction="submit">{text("audit.filter")}</Button>
        <Button
          formAction="none"
          variant="link"
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
