import { useEffect } from "react";

import { focusHeading } from "./focus";

/** Dialogs and menus that close give the focus back by themselves, within this time. */
const REST_MS = 100;

/** Who stood on something that vanishes, like a request just decided, is led to the page's heading. */
export function useFocusKept(): void {
  useEffect(() => {
    let last: Element | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const remember = ({ target }: FocusEvent) => {
      last = target instanceof Element ? target : null;
    };
    const isLost = () => last?.isConnected === false && document.activeElement === document.body;
    const lead = () => {
      if (isLost() && focusHeading()) last = document.activeElement;
    };
    const observer = new MutationObserver(() => {
      if (!isLost()) return;
      clearTimeout(timer);
      timer = setTimeout(lead, REST_MS);
    });
    document.addEventListener("focusin", remember);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener("focusin", remember);
    };
  }, []);
}
