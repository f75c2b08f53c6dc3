import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";

import { mayPass } from "../api/problem";
import { isOfNoField } from "./problems";
import { useText } from "../i18n/useText";
import { useProblemText } from "../i18n/useProblemText";

interface Props {
  error: unknown;
  onRetry?: () => void;
  /** Whether what is said of fields stands beside these, and so need not be said again. */
  marked?: boolean;
  /** A better title than the error's own. */
  title?: string | undefined;
}

/** What went wrong, in the reader's language, and a way to try again where that can help. */
export function ErrorNote({ error, onRetry, marked = false, title }: Props) {
  const text = useText();
  const { header, content } = useProblemText()(error, marked ? isOfNoField : undefined);
  // It may stand in a form, which it does not send.
  const retry = onRetry && mayPass(error) && (
    <Button formAction="none" onClick={onRetry}>
      {text("action.retry")}
    </Button>
  );
  return (
    <div role="alert">
      <Alert type="error" header={title ?? header} action={retry}>
        {content}
      </Alert>
    </div>
  );
}
