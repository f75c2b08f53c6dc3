import { useEffect, useState } from "react";

import { useText } from "../i18n/useText";
import { contactOf, type Contact } from "./contact";
import { useFlashes } from "./flashes";
import { useMe } from "./useMe";

const FLASH = "unreachable";

/** Says so while the server cannot be reached, and takes it back when it can. */
export function useServerAlive(): void {
  const text = useText();
  const { show, takeBack } = useFlashes();
  const shown = contactOf(useMe());
  const [contact, setContact] = useState<Contact>("kept");
  // What is known holds until the next answer: each attempt would else take it back, and it be said anew.
  if (shown !== undefined && shown !== contact) setContact(shown);
  const header = text("shell.unreachable");
  const content = text("shell.unreachableHint");
  useEffect(() => {
    if (contact === "lost") show({ id: FLASH, type: "warning", header, content, stays: true });
    else takeBack(FLASH);
  }, [contact, header, content, show, takeBack]);
}
