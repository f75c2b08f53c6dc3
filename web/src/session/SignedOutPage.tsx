import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { FullPage } from "../app/FullPage";
import { useText } from "../i18n/useText";

export function SignedOutPage() {
  const text = useText();
  return (
    <FullPage>
      <Container>
        <SpaceBetween size="m">
          <Box variant="h1">{text("session.signedOut")}</Box>
          <Box>{text("session.signedOutHint")}</Box>
          <Button variant="primary" href="/">
            {text("session.signInAgain")}
          </Button>
        </SpaceBetween>
      </Container>
    </FullPage>
  );
}
