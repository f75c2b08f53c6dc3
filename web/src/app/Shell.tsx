import AppLayout from "@cloudscape-design/components/app-layout";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Flashbar from "@cloudscape-design/components/flashbar";
import { lazy, Suspense, useState, type RefObject, type SyntheticEvent } from "react";

import { useInboxFlashes } from "../features/inbox/useInboxFlashes";
import { SimulationBar } from "../features/simulation/SimulationBar";
import { useText } from "../i18n/useText";
import { useSession } from "../session/SessionGate";
import { Refused } from "../api/problem";
import { ErrorNote } from "./ErrorNote";
import { focusHeading } from "./focus";
import { FullPage } from "./FullPage";
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
  const { config } = useSession();
  const { items } = useFlashes();
  const phone = useIsPhone();
  const content = useFocusOnArrival();
  const [menuOpen, setMenuOpen] = useState(true);
  const [theatreOpen, setTheatreOpen] = useState(false);
  const { error } = useMe();
  const stranger = error instanceof Refused && error.problem.status === 403;
  useFocusKept();
  useServerAlive();
  useInboxFlashes();
  if (stranger) return <Stranger error={error} />;
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

/** Signed in with the identity provider, but nobody whom Kari knows. */
function Stranger({ error }: { error: Error | null }) {
  const text = useText();
  const { signOut } = useSession();
  return (
    <FullPage>
      <ErrorNote error={error} />
      <Box padding={{ top: "l" }}>
        <Button onClick={signOut}>{text("session.signOut")}</Button>
      </Box>
    </FullPage>
  );
}
