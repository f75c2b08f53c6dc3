import AppLayout from "@cloudscape-design/components/app-layout";
import Flashbar from "@cloudscape-design/components/flashbar";
import { Suspense, useState } from "react";

import { useInboxFlashes } from "../features/inbox/useInboxFlashes";
import { SimulationBar } from "../features/simulation/SimulationBar";
import { TheatrePanel } from "../features/simulation/TheatrePanel";
import { useText } from "../i18n/useText";
import { useSession } from "../session/SessionGate";
import { useFlashes } from "./flashes";
import { PageRoutes } from "./PageRoutes";
import { SideMenu } from "./SideMenu";
import { TopBar } from "./TopBar";
import { useIsPhone } from "./useIsPhone";
import { useServerAlive } from "./useServerAlive";
import { Waiting } from "./Waiting";

/** What surrounds every page. */
export function Shell() {
  const text = useText();
  const { config } = useSession();
  const { items } = useFlashes();
  const phone = useIsPhone();
  const [menuOpen, setMenuOpen] = useState(true);
  const [theatreOpen, setTheatreOpen] = useState(false);
  useServerAlive();
  useInboxFlashes();
  return (
    <>
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
        navigationWidth={232}
        navigationOpen={menuOpen}
        onNavigationChange={({ detail }) => setMenuOpen(detail.open)}
        notifications={<Flashbar items={items} />}
        stickyNotifications
        ariaLabels={{
          navigation: text("shell.navigation"),
          navigationToggle: text("shell.openNavigation"),
          navigationClose: text("shell.closeNavigation"),
          notifications: text("shell.notifications"),
        }}
        splitPanel={config.simulated && theatreOpen ? <TheatrePanel /> : undefined}
        splitPanelOpen={theatreOpen}
        splitPanelPreferences={{ position: "bottom" }}
        onSplitPanelToggle={({ detail }) => setTheatreOpen(detail.open)}
        content={
          <Suspense fallback={<Waiting />}>
            <PageRoutes />
          </Suspense>
        }
      />
    </>
  );
}
