import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";

import { useText } from "../i18n/useText";

interface Props {
  /** What happened meanwhile. */
  children: ReactNode;
  /** Where the new version can be looked at. */
  look?: ReactNode;
  onReopen: () => void;
}

/** Somebody else changed what is being edited: how to go on without losing what was written. */
export function StaleAlert({ children, look, onReopen }: Props) {
  const text = useText();
  return (
    <div role="alert">
      <Alert type="error" header={text("problem.stale-version")}>
        <SpaceBetween size="s">
          <div>{children}</div>
          {look}
          {/* Enter in a field presses the form's first button that submits: not this one. */}
          <Button formAction="none" onClick={onReopen}>
            {text("policies.reopen")}
          </Button>
        </SpaceBetween>
      </Alert>
    </div>
  );
}
