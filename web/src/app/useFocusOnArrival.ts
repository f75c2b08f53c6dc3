import { useEffect, useRef, type RefObject } from "react";
import { NavigationType, useLocation, useNavigationType } from "react-router";

import { focusHeading } from "./focus";

/**
 * After following a link one is at the top of the new page, with the focus on its heading, which
 * is read out; until there is one, on the place where it will be.
 */
export function useFocusOnArrival(): RefObject<HTMLDivElement | null> {
  const content = useRef<HTMLDivElement>(null);
  const { pathname } = useLocation();
  const how = useNavigationType();
  useEffect(() => {
    if (how !== NavigationType.Push) return;
    window.scrollTo(0, 0);
    if (!focusHeading()) content.current?.focus({ preventScroll: true });
  }, [pathname, how]);
  return content;
}
