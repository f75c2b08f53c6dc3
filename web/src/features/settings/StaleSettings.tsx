import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";

import { useText } from "../../i18n/useText";

/** Somebody else changed the settings meanwhile: how to go on without losing what was written. */
export function StaleSettings({ onReopen }: { onReopen: () => void }) {
  const text = useText();
  return (
    <div role="alert">
      <Alert
        type="error"
        header={text("problem.stale-version")}
        action={
          // Enter in a field presses the form's first button that submits: not this one.
          <Button formAction="none" onClick={onReopen}>
            {text("policies.reopen")}
          </Button>
        }
      >
        {text("policies.stale")}
      </Alert>
    </div>
  );
}
