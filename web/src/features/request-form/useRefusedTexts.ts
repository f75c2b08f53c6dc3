import { Refused } from "../../api/problem";
import { problemsAt } from "../../app/problems";
import { useSentences } from "../../i18n/useJoin";
import { useProblemText } from "../../i18n/useProblemText";
import { useReasonText } from "../../i18n/useReasonText";
import type { TextField } from "./texts";

/** What the API says against the words of a field, where that is all it says. */
export function useRefusedTexts(error: unknown): (field: TextField) => string | undefined {
  const reasonText = useReasonText();
  const sentences = useSentences();
  const problemText = useProblemText();
  return (field) => {
    const problems = problemsAt(error, field);
    if (problems.length > 0) return sentences(problems.map(reasonText));
    const required = error instanceof Refused && error.problem.code === `${field}-required`;
    return required ? problemText(error).content : undefined;
  };
}
