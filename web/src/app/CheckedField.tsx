import FormField from "@cloudscape-design/components/form-field";
import { createContext, use, type ReactNode } from "react";

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

/** A field with what the server says against it, or against something within it. */
export function CheckedField({ field, label, description, constraintText, children }: Props) {
  const reasonText = useReasonText();
  const problems = problemsAt(use(CheckedAgainst), field);
  return (
    <FormField
      label={label}
      description={description}
      constraintText={constraintText}
      errorText={problems.length > 0 && problems.map(reasonText).join(" ")}
      stretch
    >
      {children}
    </FormField>
  );
}
