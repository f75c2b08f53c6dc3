import TopNavigation, { type TopNavigationProps } from "@cloudscape-design/components/top-navigation";
import { useState } from "react";
import { useNavigate } from "react-router";

import { useInbox } from "../features/inbox/useInbox";
import { useWaitingForMe } from "../features/reviews/useToReview";
import { useSlack } from "../features/slack/useSlack";
import { useLanguage } from "../i18n/LanguageProvider";
import { LANGUAGES, OWN_NAME } from "../i18n/languages";
import { useText, type MessageId } from "../i18n/useText";
import { useSession } from "../session/SessionGate";
import { APPEARANCES, chooseAppearance, currentAppearance, type Appearance } from "./appearance";
import { menuFor } from "./menu";
import { useIsPhone } from "./useIsPhone";
import { useMe } from "./useMe";

const APPEARANCE_TEXT: Record<Appearance, MessageId> = {
  system: "appearance.system",
  light: "appearance.light",
  dark: "appearance.dark",
};

export function TopBar() {
  const navigate = useNavigate();
  const phone = useIsPhone();
  const bell = useBell();
  const languages = useLanguageMenu();
  const person = usePersonMenu();
  const pages = usePageMenu();
  const all = [bell, languages, person, ...(phone ? [pages] : [])];
  const utilities = all.filter((utility) => utility !== undefined);
  return (
    <TopNavigation
      identity={{
        href: "/",
        title: "Kari",
        logo: { src: "/favicon.svg", alt: "仮" },
        onFollow: (event) => {
          event.preventDefault();
          void navigate("/");
        },
      }}
      utilities={utilities}
    />
  );
}

function useBell(): TopNavigationProps.Utility | undefined {
  const text = useText();
  const navigate = useNavigate();
  const { data: inbox } = useInbox();
  if (inbox === undefined) return undefined;
  return {
    type: "button",
    iconName: "notification",
    badge: inbox.unread > 0,
    ...(inbox.unread > 0 ? { text: String(inbox.unread), disableTextCollapse: true } : {}),
    ariaLabel: text("inbox.bell", { count: inbox.unread }),
    href: "/inbox",
    disableUtilityCollapse: true,
    onFollow: (event) => {
      event.preventDefault();
      void navigate("/inbox");
    },
  };
}

function useLanguageMenu(): TopNavigationProps.Utility {
  const text = useText();
  const { language, choose } = useLanguage();
  return {
    type: "menu-dropdown",
    iconName: "globe",
    disableUtilityCollapse: true,
    text: OWN_NAME[language],
    ariaLabel: text("shell.language", { language: OWN_NAME[language] }),
    items: LANGUAGES.map((id) => ({
      id,
      text: OWN_NAME[id],
      itemType: "checkbox",
      checked: id === language,
    })),
    onItemClick: ({ detail }) => {
      const chosen = LANGUAGES.find((id) => id === detail.id);
      if (chosen !== undefined) choose(chosen);
    },
  };
}

function usePersonMenu(): TopNavigationProps.Utility {
  const text = useText();
  const navigate = useNavigate();
  const { signOut } = useSession();
  const { data: me } = useMe();
  const slack = useSlack();
  const [appearance, setAppearance] = useState(currentAppearance);
  return {
    type: "menu-dropdown",
    iconName: "user-profile",
    disableUtilityCollapse: true,
    text: me?.user.display_name ?? "…",
    description: me?.user.email ?? me?.user.user_name ?? "",
    items: [
      {
        id: "appearance",
        text: text("appearance.title"),
        items: APPEARANCES.map((id) => ({
          id,
          text: text(APPEARANCE_TEXT[id]),
          itemType: "checkbox",
          checked: id === appearance,
        })),
      },
      ...(slack.on === true ? [{ id: "slack", href: "/slack", text: text("slack.link") }] : []),
      { id: "sign-out", text: text("session.signOut") },
    ],
    onItemClick: ({ detail }) => {
      if (detail.id === "sign-out") signOut();
      const chosen = APPEARANCES.find((id) => id === detail.id);
      if (chosen === undefined) return;
      chooseAppearance(chosen);
      setAppearance(chosen);
    },
    onItemFollow: (event) => {
      event.preventDefault();
      if (event.detail.href !== undefined) void navigate(event.detail.href);
    },
  };
}

/** On a phone the pages are a menu: a column beside the page would leave no room for it. */
function usePageMenu(): TopNavigationProps.Utility {
  const text = useText();
  const navigate = useNavigate();
  const { config } = useSession();
  const { data: me } = useMe();
  const waitingForMe = useWaitingForMe();
  return {
    type: "menu-dropdown",
    iconName: "menu",
    ariaLabel: text("shell.navigation"),
    disableUtilityCollapse: true,
    items: menuFor(me, waitingForMe, config.simulated).map((group, index) => ({
      id: String(index),
      items: group.map(({ href, text: id, waiting = 0 }) => ({
        id: href,
        href,
        text: waiting > 0 ? `${text(id)} (${waiting})` : text(id),
      })),
    })),
    onItemFollow: (event) => {
      event.preventDefault();
      if (event.detail.href !== undefined) void navigate(event.detail.href);
    },
  };
}
