import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect } from "react";
import { useBlocker } from "react-router";

import { useText } from "../i18n/useText";

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
    <Modal
      visible
      header={text("leave.title")}
      onDismiss={blocker.reset}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={blocker.reset}>
              {text("leave.stay")}
            </Button>
            <Button variant="primary" onClick={blocker.proceed}>
              {text("leave.leave")}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      {text("leave.body")}
    </Modal>
  );
}
