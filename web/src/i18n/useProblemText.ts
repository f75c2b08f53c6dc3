import { useIntl } from "react-intl";

import { NotSignedIn, Refused, Unreachable } from "../api/problem";
import type { Problem, Reason } from "../api/types";
import { useSentences } from "./useJoin";
import { useReasonText } from "./useReasonText";

interface ProblemText {
  header: string;
  /** A sentence, or several. */
  content: string;
}

/** Which of the reasons are told here. */
type Tells = (reason: Reason) => boolean;

/**
 * An error in the reader's language: by the problem's code, its reasons listed after it. A code
 * that this portal does not know yet shows the server's English sentence rather than nothing.
 */
export function useProblemText(): (error: unknown, tells?: Tells) => ProblemText {
  const intl = useIntl();
  const reasonText = useReasonText();
  const sentences = useSentences();
  const known = (id: string) => (id in intl.messages ? intl.formatMessage({ id }) : undefined);
  const ofProblem = (problem: Problem, tells: Tells): ProblemText => {
    const reasons = (problem.reasons ?? []).filter(tells).map((reason: Reason) => reasonText(reason));
    const hint = known(`problem.${problem.code}.hint`) ?? problem.detail;
    return {
      header: known(`problem.${problem.code}`) ?? problem.title,
      content: reasons.length > 0 ? sentences(reasons) : hint,
    };
  };
  return (error, tells = () => true) => {
    if (error instanceof Refused) return ofProblem(error.problem, tells);
    const code = codeOf(error);
    return {
      header: intl.formatMessage({ id: `problem.${code}` }),
      content: intl.formatMessage({ id: `problem.${code}.hint` }),
    };
  };
}

/** For what the API has not said. */
function codeOf(error: unknown): string {
  if (error instanceof NotSignedIn) return error.code;
  return error instanceof Unreachable ? "unreachable" : "unexpected";
}
