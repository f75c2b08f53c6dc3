import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useState } from "react";

import { FullPage } from "../app/FullPage";
import { useText } from "../i18n/useText";
import { loadConfig } from "./config";

export function SignedOutPage() {
  const text = useText();
  const elsewhere = useSignedInElsewhere();
  return (
    <FullPage>
      <Container>
        <SpaceBetween size="m">
          <Box variant="h1">{text("session.signedOut")}</Box>
          <Box>{text("session.signedOutHint")}</Box>
          {elsewhere && <Box>{text("session.signedInElsewhere")}</Box>}
          <Button variant="primary" href="/">
            {text("session.signInAgain")}
          </Button>
        </SpaceBetween>
      </Container>
    </FullPage>
  );
}

/** Whether people came through an identity provider behind the issuer, which is not told that they left here. */
function useSignedInElsewhere(): boolean {
  const [elsewhere, setElsewhere] = useState(false);
  useEffect(() => {
    loadConfig().then(
      ({ identity_provider }) => setElsewhere(identity_provider !== undefined),
      // A page that says that somebody is signed out needs nothing else to be true.
      () => undefined,
    );
  }, []);
  return elsewhere;
}
