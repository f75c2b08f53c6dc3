import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea, { type TextareaProps } from "@cloudscape-design/components/textarea";
import { useState, type ReactNode, type Ref } from "react";

import { Text, useText, type MessageId } from "../../i18n/useText";
import type { Draft } from "./draft";
import { lengthOf, lengthProblem, LIMITS, type TextField } from "./texts";

interface Props {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  whyRef: Ref<TextareaProps.Ref>;
  justificationRequired: boolean;
  ticketRequired: boolean;
  /** Whether somebody has tried to send it, so that what is missing is said. */
  tried: boolean;
  /** What the API said about a field's words. */
  refused: (field: TextField) => string | undefined;
}

const REQUIRED: Record<TextField, MessageId> = {
  justification: "form.requiredJustification",
  ticket: "form.requiredTicket",
};

const inItalics = (chunks: ReactNode[]) => <i>{chunks}</i>;

/** Why access is needed. What is wrong with these words is shown beside them. */
export function WhyFields({ draft, change, whyRef, tried, refused, ...props }: Props) {
  const text = useText();
  const [left, setLeft] = useState<Partial<Record<TextField, boolean>>>({});
  const label = (id: MessageId, required: boolean) =>
    required ? text(id) : <Text id="form.optional" values={{ label: text(id), i: inItalics }} />;
  const problem = (field: TextField, name: MessageId, required: boolean) => {
    if (tried && required && draft[field].trim() === "") return text(REQUIRED[field]);
    const found = lengthProblem(field, draft[field]);
    if (found !== undefined && (!found.early || tried || left[field] === true))
      return text(found.text, { field: text(name), ...LIMITS[field] });
    return refused(field);
  };
  return (
    <SpaceBetween size="l">
      <FormField
        label={label("form.justification", props.justificationRequired)}
        constraintText={text("form.justificationHint", { count: lengthOf(draft.justification) })}
        errorText={problem("justification", "form.justification", props.justificationRequired)}
        stretch
      >
        <Textarea
          ref={whyRef}
          rows={3}
          value={draft.justification}
          placeholder={text("form.justificationPlaceholder")}
          ariaRequired={props.justificationRequired}
          onChange={({ detail }) => change({ justification: detail.value })}
          onBlur={() => setLeft({ ...left, justification: true })}
        />
      </FormField>
      <FormField
        label={label("form.ticket", props.ticketRequired)}
        constraintText={text("form.ticketHint")}
        errorText={problem("ticket", "form.ticket", props.ticketRequired)}
      >
        <Input
          value={draft.ticket}
          ariaRequired={props.ticketRequired}
          onChange={({ detail }) => change({ ticket: detail.value })}
        />
      </FormField>
    </SpaceBetween>
  );
}
