import type { FlashbarProps } from "@cloudscape-design/components/flashbar";
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from "react";

import { useText } from "../i18n/useText";
import { withFlash, withoutFlash, type ShownFlash } from "./shownFlashes";
import { isPhone } from "./useIsPhone";

export interface Flash {
  /** A later flash with the same id takes the place of the earlier one. */
  id?: string;
  type: "success" | "error" | "info" | "warning" | "in-progress";
  header?: ReactNode;
  content?: ReactNode;
  action?: ReactNode;
  /** Says what the reader has just done: it takes the place of what they did before. */
  own?: boolean;
  /** Stays until it is closed or taken back. */
  stays?: boolean;
}

interface Flashes {
  items: FlashbarProps.MessageDefinition[];
  show: (flash: Flash) => void;
  takeBack: (id: string) => void;
}

const Context = createContext<Flashes>({ items: [], show: () => undefined, takeBack: () => undefined });
export const useFlashes = () => use(Context);

const SHOWN_FOR_MS = 8000;

/** Short messages on top of the page; good news leaves by itself, bad news waits to be read. */
export function FlashProvider({ children }: { children: ReactNode }) {
  const text = useText();
  const [flashes, setFlashes] = useState<ShownFlash[]>([]);
  const counter = useRef(0);
  const takeBack = useCallback((id: string) => setFlashes((all) => all.filter((f) => f.id !== id)), []);
  const show = useCallback((flash: Flash) => {
    counter.current += 1;
    const shown = { ...flash, id: flash.id ?? `flash-${counter.current}` };
    setFlashes((all) => withFlash(all, shown));
    // On a phone it does not stick to the top, and would lie half under the bar.
    if (flash.own === true && isPhone()) scrollTo({ top: 0 });
    if (flash.stays !== true && flash.type !== "error")
      setTimeout(() => setFlashes((all) => withoutFlash(all, shown)), SHOWN_FOR_MS);
  }, []);
  const dismissLabel = text("action.dismiss");
  const value = useMemo<Flashes>(() => {
    const toItem = (flash: ShownFlash): FlashbarProps.MessageDefinition => ({
      id: flash.id,
      type: flash.type === "in-progress" ? "info" : flash.type,
      loading: flash.type === "in-progress",
      header: flash.header,
      content: flash.content,
      action: flash.action,
      dismissible: true,
      dismissLabel,
      ariaRole: flash.type === "error" ? "alert" : "status",
      onDismiss: () => takeBack(flash.id),
    });
    return { items: flashes.map(toItem), show, takeBack };
  }, [flashes, show, takeBack, dismissLabel]);
  return <Context value={value}>{children}</Context>;
}
