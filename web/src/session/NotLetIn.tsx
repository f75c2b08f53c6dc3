import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { mayPass } from "../api/problem";
import { FullPage } from "../app/FullPage";
import { useProblemText } from "../i18n/useProblemText";
import { useText } from "../i18n/useText";

interface Props {
  error: unknown;
  onRetry?: () => void;
  /** For somebody who came as far as the identity provider. */
  signOut?: () => void;
}

/** Why somebody is not let in, and a way out: signing in again might make them the same person again. */
export function NotLetIn({ error, onRetry, signOut }: Props) {
  const text = useText();
  const { header, content } = useProblemText()(error);
  return (
    <FullPage>
      <Container>
        <SpaceBetween size="m">
          <div role="alert">
            <Box variant="h1">{header}</Box>
            <Box padding={{ top: "m" }}>{content}</Box>
          </div>
          <SpaceBetween direction="horizontal" size="xs">
            {onRetry && mayPass(error) && (
              <Button variant="primary" onClick={onRetry}>
                {text("action.retry")}
              </Button>
            )}
            {signOut && <Button onClick={signOut}>{text("session.signOut")}</Button>}
          </SpaceBetween>
        </SpaceBetween>
      </Container>
    </FullPage>
  );
}
