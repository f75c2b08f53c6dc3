import type { Me } from "../api/types";
import type { MessageId } from "../i18n/useText";

export interface MenuEntry {
  href: string;
  text: MessageId;
  /** How many things wait there. */
  waiting?: number;
}

/**
 * The pages that a person can use, in groups. What they may do there is still decided by the API
 * alone; this only spares them pages that would be empty.
 */
export function menuFor(me: Me | undefined, waiting: number, simulated: boolean): MenuEntry[][] {
  const everyone: MenuEntry[] = [
    { href: "/request", text: "nav.request" },
    { href: "/active", text: "nav.active" },
    { href: "/requests", text: "nav.mine" },
    { href: "/review", text: "nav.review", waiting },
  ];
  const office: MenuEntry[] = [
    { href: "/everybody", text: "mine.title.everybody" },
    { href: "/audit", text: "nav.audit" },
    { href: "/policies", text: "nav.policies" },
    { href: "/settings", text: "nav.settings" },
  ];
  const simulation: MenuEntry[] = [{ href: "/simulation", text: "nav.simulation" }];
  return [everyone, ...((me?.roles.length ?? 0) > 0 ? [office] : []), ...(simulated ? [simulation] : [])];
}
