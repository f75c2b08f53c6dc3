import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea, { type TextareaProps } from "@cloudscape-design/components/textarea";
import type { ReactNode, Ref } from "react";

import { Refused } from "../../api/problem";
import { useProblemText } from "../../i18n/useProblemText";
import { Text, useText, type MessageId } from "../../i18n/useText";
import type { Draft } from "./draft";

interface Props {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  whyRef: Ref<TextareaProps.Ref>;
  justificationRequired: boolean;
  ticketRequired: boolean;
  justificationMissing: boolean;
  ticketMissing: boolean;
  error: Error | null;
}

const inItalics = (chunks: ReactNode[]) => <i>{chunks}</i>;

/** Why access is needed. What the API says about these words is shown beside them. */
export function WhyFields({ draft, change, whyRef, error, ...props }: Props) {
  const text = useText();
  const problemText = useProblemText();
  const about = (field: string) =>
    error instanceof Refused &&
    (error.problem.code.includes(field) || error.problem.detail.toLowerCase().startsWith(`the ${field}`))
      ? problemText(error).content
      : undefined;
  const label = (id: MessageId, required: boolean) =>
    required ? text(id) : <Text id="form.optional" values={{ label: text(id), i: inItalics }} />;
  return (
    <SpaceBetween size="l">
      <FormField
        label={label("form.justification", props.justificationRequired)}
        constraintText={text("form.justificationHint", {
          count: Array.from(draft.justification.trim()).length,
        })}
        errorText={props.justificationMissing ? text("form.required") : about("justification")}
        stretch
      >
        <Textarea
          ref={whyRef}
          rows={3}
          value={draft.justification}
          placeholder={text("form.justificationPlaceholder")}
          ariaRequired={props.justificationRequired}
          onChange={({ detail }) => change({ justification: detail.value })}
        />
      </FormField>
      <FormField
        label={label("form.ticket", props.ticketRequired)}
        errorText={props.ticketMissing ? text("form.required") : about("ticket")}
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
