import Button from "@cloudscape-design/components/button";
import { useEffect, useState } from "react";

import { useText } from "../i18n/useText";
import { contactOf, type Contact } from "./contact";
import { useFlashes } from "./flashes";
import { useMe } from "./useMe";

const FLASH = "contact";

/** Says so while the server cannot be reached or the session is over, and takes it back when all is well again. */
export function useServerAlive(): void {
  const text = useText();
  const { show, takeBack } = useFlashes();
  const shown = contactOf(useMe());
  const [contact, setContact] = useState<Contact>("kept");
  // What is known holds until the next answer: each attempt would else take it back, and it be said anew.
  if (shown !== undefined && shown !== contact) setContact(shown);
  const out = contact === "signed-out";
  const header = text(out ? "problem.signed-out" : "shell.unreachable");
  const content = text(out ? "shell.signedOutHint" : "shell.unreachableHint");
  const signInAgain = text("session.signInAgain");
  useEffect(() => {
    if (contact === "kept") {
      takeBack(FLASH);
      return;
    }
    // Signing in leads back to the address that is loaded.
    const action = contact === "signed-out" && (
      <Button onClick={() => location.reload()}>{signInAgain}</Button>
    );
    show({ id: FLASH, type: "warning", header, content, action, stays: true });
  }, [contact, header, content, signInAgain, show, takeBack]);
}
