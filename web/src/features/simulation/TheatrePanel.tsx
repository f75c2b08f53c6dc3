import SplitPanel from "@cloudscape-design/components/split-panel";

import { RouteLink } from "../../app/links";
import { useText } from "../../i18n/useText";
import { Stage } from "./Stage";

/** The theatre at the foot of every page, so that one can play and watch at once. */
export default function TheatrePanel() {
  const text = useText();
  return (
    <SplitPanel
      header={text("theatre.title")}
      headerActions={<RouteLink href="/simulation">{text("nav.simulation")}</RouteLink>}
      hidePreferencesButton
      closeBehavior="hide"
      i18nStrings={{
        openButtonAriaLabel: text("theatre.open"),
        closeButtonAriaLabel: text("theatre.close"),
        resizeHandleAriaLabel: text("theatre.resize"),
      }}
    >
      <Stage />
    </SplitPanel>
  );
}
