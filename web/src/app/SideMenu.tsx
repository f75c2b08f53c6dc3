import Badge from "@cloudscape-design/components/badge";
import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useLocation } from "react-router";

import type { RequestDetail } from "../api/types";
import { useWaitingForMe } from "../features/reviews/useToReview";
import { useText } from "../i18n/useText";
import { useSession } from "../session/SessionGate";
import { useFollow } from "./links";
import { menuFor, type MenuEntry } from "./menu";
import { useMe } from "./useMe";

const DIVIDER: SideNavigationProps.Divider = { type: "divider" };

export function SideMenu() {
  const text = useText();
  const { pathname } = useLocation();
  const { config } = useSession();
  const { data: me } = useMe();
  const link = ({ href, text: id, waiting = 0 }: MenuEntry): SideNavigationProps.Link => ({
    type: "link",
    text: text(id),
    href,
    ...(waiting > 0 ? { info: <Waiting count={waiting} /> } : {}),
  });
  const groups = menuFor(me, useWaitingForMe(), config.simulated).map((group) => group.map(link));
  const items = groups.flatMap((group, index) => (index === 0 ? group : [DIVIDER, ...group]));
  const activeHref = useSection(pathname);
  return <SideNavigation activeHref={activeHref} items={items} onFollow={useFollow()} />;
}

/** The entry that a page belongs to: a request of somebody else is none of one's own. */
function useSection(pathname: string): string {
  const [, section = "", id = ""] = pathname.split("/");
  const { data: me } = useMe();
  const { data: request } = useQuery<RequestDetail>({ queryKey: ["request", id], queryFn: skipToken });
  if (section !== "requests" || request === undefined || request.requester.id === me?.user.id)
    return `/${section}`;
  if (request.actions.includes("approve") || request.actions.includes("deny")) return "/review";
  return (me?.roles.length ?? 0) > 0 ? "/everybody" : "";
}

function Waiting({ count }: { count: number }) {
  const text = useText();
  return (
    <Badge color="blue">
      <span aria-hidden="true">{count}</span>
      <span className="unseen">{text("nav.waiting", { count })}</span>
    </Badge>
  );
}
