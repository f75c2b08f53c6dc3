import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { useText } from "../i18n/useText";
import { RouteButton } from "./links";
import { Page } from "./Page";

export function NotFoundPage() {
  const text = useText();
  return (
    <Page title={text("notFound.title")}>
      <SpaceBetween size="m">
        <Box>{text("notFound.hint")}</Box>
        <RouteButton href="/request">{text("nav.request")}</RouteButton>
      </SpaceBetween>
    </Page>
  );
}
