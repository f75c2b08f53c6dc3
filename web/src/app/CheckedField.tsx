import FormField from "@cloudscape-design/components/form-field";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { createContext, use, useId, type ReactNode } from "react";

import { useReasonText } from "../i18n/useReasonText";
import { problemsAt } from "./problems";

/** What the server last said against the form around a field. */
export const CheckedAgainst = createContext<unknown>(null);

interface Props {
  /** The field's name in what is sent, as the server says it. */
  field: string;
  label: string;
  description?: string;
  constraintText?: string;
  children: ReactNode;
}

/** What the server says against a field, or against something within it. */
function useProblems(field: string): string | undefined {
  const reasonText = useReasonText();
  const problems = problemsAt(use(CheckedAgainst), field);
  return problems.length > 0 ? problems.map(reasonText).join(" ") : undefined;
}

/** A field of one control, with what the server says against it. */
export function CheckedField({ field, label, description, constraintText, children }: Props) {
  return (
    <FormField
      label={label}
      description={description}
      constraintText={constraintText}
      errorText={useProblems(field)}
      stretch
    >
      {children}
    </FormField>
  );
}

/** The same for several controls that belong together; each has a name of its own. */
export function CheckedGroup({ field, label, description, children }: Omit<Props, "constraintText">) {
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
        <div role="alert" className="group-problems">
          <StatusIndicator type="error">{problems}</StatusIndicator>
        </div>
      )}
    </div>
  );
}
