import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea, { type TextareaProps } from "@cloudscape-design/components/textarea";
import type { Ref } from "react";

import { Refused } from "../../api/problem";
import { useProblemText } from "../../i18n/useProblemText";
import { useText } from "../../i18n/useText";
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

/** Why access is needed. What the API says about these words is shown beside them. */
export function WhyFields({ draft, change, whyRef, error, ...props }: Props) {
  const text = useText();
  const problemText = useProblemText();
  const about = (field: string) =>
    error instanceof Refused &&
    (error.problem.code.includes(field) || error.problem.detail.toLowerCase().startsWith(`the ${field}`))
      ? problemText(error).content
      : undefined;
  const optional = (required: boolean) => (required ? undefined : <i>{text("form.optional")}</i>);
  return (
    <SpaceBetween size="l">
      <FormField
        label={text("form.justification")}
        info={optional(props.justificationRequired)}
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
        label={text("form.ticket")}
        info={optional(props.ticketRequired)}
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
