import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";

import { ErrorNote } from "../app/ErrorNote";
import { FullPage } from "../app/FullPage";
import { useText } from "../i18n/useText";

interface Props {
  error: unknown;
  onRetry?: () => void;
  signOut: () => void;
}

/** Why somebody is not let in, and a way out: signing in again might make them the same person again. */
export function NotLetIn({ error, onRetry, signOut }: Props) {
  const text = useText();
  return (
    <FullPage>
      <ErrorNote error={error} {...(onRetry && { onRetry })} />
      <Box padding={{ top: "l" }}>
        <Button onClick={signOut}>{text("session.signOut")}</Button>
      </Box>
    </FullPage>
  );
}
