import { useEffect } from "react";
import { useBlocker } from "react-router";

import { useText } from "../i18n/useText";
import { QuestionDialog } from "./QuestionDialog";

/** Asks before a page is left whose changes would be lost; the browser asks where it is closed. */
export function LeaveGuard({ unsaved }: { unsaved: () => boolean }) {
  const text = useText();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname && unsaved(),
  );
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (unsaved()) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [unsaved]);
  if (blocker.state !== "blocked") return null;
  return (
    <QuestionDialog
      title={text("leave.title")}
      confirm={text("leave.leave")}
      cancel={text("leave.stay")}
      onConfirm={blocker.proceed}
      onClose={blocker.reset}
    >
      {text("leave.body")}
    </QuestionDialog>
  );
}
