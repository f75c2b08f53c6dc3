import AppLayout from "@cloudscape-design/components/app-layout";
import Flashbar from "@cloudscape-design/components/flashbar";
import { lazy, Suspense, useState, type RefObject, type SyntheticEvent } from "react";

import { isOfStranger } from "../api/problem";
import { useInboxFlashes } from "../features/inbox/useInboxFlashes";
import { SimulationBar } from "../features/simulation/SimulationBar";
import { useText } from "../i18n/useText";
import { NotLetIn } from "../session/NotLetIn";
import { useSession } from "../session/SessionGate";
import { focusHeading } from "./focus";
import { useFlashes } from "./flashes";
import { PageRoutes } from "./PageRoutes";
import { SideMenu } from "./SideMenu";
import { TopBar } from "./TopBar";
import { useFocusKept } from "./useFocusKept";
import { useFocusOnArrival } from "./useFocusOnArrival";
import { isPhone, useIsPhone } from "./useIsPhone";
import { useMe } from "./useMe";
import { useServerAlive } from "./useServerAlive";
import { Waiting } from "./Waiting";

const TheatrePanel = lazy(() => import("../features/simulation/TheatrePanel"));

/** What surrounds every page. */
export function Shell() {
  const text = useText();
  const { config, signOut } = useSession();
  const { items } = useFlashes();
  const phone = useIsPhone();
  const content = useFocusOnArrival();
  const [menuOpen, setMenuOpen] = useState(true);
  const [theatreOpen, setTheatreOpen] = useState(false);
  const { error } = useMe();
  useFocusKept();
  useServerAlive();
  useInboxFlashes();
  if (isOfStranger(error)) return <NotLetIn error={error} signOut={signOut} />;
  return (
    <>
      <SkipLink to={content} />
      <div id="top" className="top">
        {config.simulated && (
          <SimulationBar theatreOpen={theatreOpen} onTheatre={() => setTheatreOpen(!theatreOpen)} />
        )}
        <TopBar />
      </div>
      <AppLayout
        headerSelector="#top"
        toolsHide
        navigationHide={phone}
        navigation={<SideMenu />}
        navigationWidth={244}
        navigationOpen={menuOpen}
        // Where there is no room for it, it is closed by itself; with room again it shall be as before.
        onNavigationChange={({ detail }) => isPhone() || setMenuOpen(detail.open)}
        notifications={<Flashbar items={items} />}
        stickyNotifications
        ariaLabels={{
          navigation: text("shell.navigation"),
          navigationToggle: text("shell.openNavigation"),
          navigationClose: text("shell.closeNavigation"),
          notifications: text("shell.notifications"),
        }}
        splitPanel={
          config.simulated && theatreOpen ? (
            <Suspense>
              <TheatrePanel />
            </Suspense>
          ) : undefined
        }
        splitPanelOpen={theatreOpen}
        splitPanelPreferences={{ position: "bottom" }}
        onSplitPanelToggle={({ detail }) => setTheatreOpen(detail.open)}
        content={
          <div id="content" className="content" ref={content} tabIndex={-1}>
            <Suspense fallback={<Waiting />}>
              <PageRoutes />
            </Suspense>
          </div>
        }
      />
    </>
  );
}

/** The first stop of somebody without a mouse: past the bars and the menu, to the page itself. */
function SkipLink({ to }: { to: RefObject<HTMLElement | null> }) {
  const text = useText();
  const skip = (event: SyntheticEvent) => {
    event.preventDefault();
    if (!focusHeading()) to.current?.focus();
  };
  return (
    <a className="skip" href="#content" onClick={skip}>
      {text("shell.skip")}
    </a>
  );
}
