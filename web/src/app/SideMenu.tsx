import Badge from "@cloudscape-design/components/badge";
import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import { useLocation } from "react-router";

import type { Role } from "../api/types";
import { useText } from "../i18n/useText";
import { useSession } from "../session/SessionGate";
import { useFollow } from "./links";
import { useMe } from "./useMe";

/** The menu offers what a role can use; what it may do is still decided by the API alone. */
export function SideMenu({ onFollowed }: { onFollowed: () => void }) {
  const text = useText();
  const follow = useFollow();
  const { pathname } = useLocation();
  const { config } = useSession();
  const { data: me } = useMe();
  const items = [
    ...everyone(text, me?.to_review ?? 0),
    ...forRoles(text, me?.roles ?? []),
    ...(config.simulated ? simulation(text) : []),
  ];
  return (
    <SideNavigation
      activeHref={pathname.startsWith("/requests/") ? "/requests" : pathname}
      items={items}
      onFollow={(event) => {
        follow(event);
        onFollowed();
      }}
    />
  );
}

type Texts = ReturnType<typeof useText>;
type Items = SideNavigationProps.Item[];

function everyone(text: Texts, toReview: number): Items {
  const waiting = toReview > 0 && (
    <Badge color="blue">
      <span aria-label={text("nav.waiting", { count: toReview })}>{toReview}</span>
    </Badge>
  );
  return [
    { type: "link", text: text("nav.request"), href: "/request" },
    { type: "link", text: text("nav.active"), href: "/active" },
    { type: "link", text: text("nav.mine"), href: "/requests" },
    { type: "link", text: text("nav.review"), href: "/review", ...(waiting ? { info: waiting } : {}) },
  ];
}

function forRoles(text: Texts, roles: Role[]): Items {
  if (roles.length === 0) return [];
  return [
    { type: "divider" },
    { type: "link", text: text("nav.audit"), href: "/audit" },
    { type: "link", text: text("nav.policies"), href: "/policies" },
    { type: "link", text: text("nav.settings"), href: "/settings" },
  ];
}

function simulation(text: Texts): Items {
  return [{ type: "divider" }, { type: "link", text: text("nav.simulation"), href: "/simulation" }];
}
