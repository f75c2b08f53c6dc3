import FormField from "@cloudscape-design/components/form-field";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { createContext, use, useId, type ReactNode } from "react";

import { useSentences } from "../i18n/useJoin";
import { useReasonText } from "../i18n/useReasonText";
import { problemsAt } from "./problems";

/** What the server last said against the form around a field. */
export const CheckedAgainst = createContext<unknown>(null);

interface Props {
  /** The field's name in what is sent, as the server says it. */
  field: string;
  label: string;
  description?: string;
  constraintText?: string | undefined;
  /** What is known to be wrong without asking. */
  errorText?: string | undefined;
  children: ReactNode;
}

/** What the server says against a field, or against something within it. */
function useProblems(field: string): string | undefined {
  const reasonText = useReasonText();
  const sentences = useSentences();
  const problems = problemsAt(use(CheckedAgainst), field);
  return problems.length > 0 ? sentences(problems.map(reasonText)) : undefined;
}

/** A field of one control, with what the server says against it. */
export function CheckedField({ field, label, description, constraintText, errorText, children }: Props) {
  const problems = useProblems(field);
  return (
    <FormField
      label={label}
      description={description}
      constraintText={constraintText}
      errorText={errorText ?? problems}
      stretch
    >
      {children}
    </FormField>
  );
}

/** The same for several controls that belong together; each has a name of its own. */
export function CheckedGroup({
  field,
  label,
  description,
  children,
}: Omit<Props, "constraintText" | "errorText">) {
  const problems = useProblems(field);
  const id = useId();
  return (
    <div role="group" aria-labelledby={`${id}label`} aria-describedby={`${id}about`} className="group">
      <div id={`${id}label`} className="group-label">
        {label}
      </div>
      <div id={`${id}about`} className="group-about">
        {description}
      </div>
      {children}
      {problems !== undefined && (
        <div role="alert" className="group-problems line">
          <StatusIndicator type="error" />
          <div>{problems}</div>
        </div>
      )}
    </div>
  );
}
