import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";

import { mayPass } from "../api/problem";
import { useText } from "../i18n/useText";
import { useProblemText } from "../i18n/useProblemText";

/** What went wrong, in the reader's language, and a way to try again where that can help. */
export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const text = useText();
  const { header, content } = useProblemText()(error);
  const retry = onRetry && mayPass(error) && <Button onClick={onRetry}>{text("action.retry")}</Button>;
  return (
    <div role="alert">
      <Alert type="error" header={header} action={retry}>
        {content}
      </Alert>
    </div>
  );
}
