import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
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
export function WhyFields(props: Props) {
  const { draft, change } = props;
  const text = useText();
  const problemText = useProblemText();
  const about = (field: string) =>
    props.error instanceof Refused &&
    (props.error.problem.code.includes(field) || props.error.problem.detail.startsWith(`the ${field}`))
      ? problemText(props.error).content
      : undefined;
  const optional = (required: boolean) => (required ? undefined : <i>{text("form.optional")}</i>);
  return (
    <>
      <FormField
        label={text("form.justification")}
        info={optional(props.justificationRequired)}
        constraintText={text("form.justificationHint", { count: [...draft.justification.trim()].length })}
        errorText={props.justificationMissing ? text("form.required") : about("justification")}
        stretch
      >
        <Textarea
          ref={props.whyRef}
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
    </>
  );
}
