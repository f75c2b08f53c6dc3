import { useEffect } from "react";

import { isOfStranger, Refused } from "../api/problem";
import { useText } from "../i18n/useText";
import { useFlashes } from "./flashes";
import { useMe } from "./useMe";

const FLASH = "unreachable";

/** Says so while the server cannot be reached, and takes it back when it can. */
export function useServerAlive(): void {
  const text = useText();
  const { show, takeBack } = useFlashes();
  const { failureCount, error } = useMe();
  const lost = failureCount > 0 && !(error instanceof Refused) && !isOfStranger(error);
  const header = text("shell.unreachable");
  const content = text("shell.unreachableHint");
  useEffect(() => {
    if (lost) show({ id: FLASH, type: "warning", header, content, stays: true });
    else takeBack(FLASH);
  }, [lost, header, content, show, takeBack]);
}
