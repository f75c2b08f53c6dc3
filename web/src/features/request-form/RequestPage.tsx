import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useLocation } from "react-router";

import { ErrorNote } from "../../app/ErrorNote";
import { Page } from "../../app/Page";
import { useText } from "../../i18n/useText";
import { DirectoryAge } from "../directory/DirectoryAge";
import { Empty } from "../requests/Empty";
import { NowStrip } from "./NowStrip";
import { RequestForm } from "./RequestForm";
import { Results, type Sent } from "./Results";
import { useChosenAccounts, useFormSettings } from "./useOffers";

export default function RequestPage() {
  const text = useText();
  const { key } = useLocation();
  const form = useFormSettings();
  const [sent, setSent] = useState<Sent>();
  return (
    <Page title={text("nav.request")} description={sent === undefined && text("form.description")}>
      <SpaceBetween size="l">
        <NowStrip />
        <DirectoryAge />
        {form.isError && form.data === undefined && (
          <ErrorNote error={form.error} onRetry={() => void form.refetch()} />
        )}
        {form.nothingToAskFor ? (
          <Container>
            <Empty title={text("form.nothing")} hint={text("form.nothingHint")} />
          </Container>
        ) : sent === undefined ? (
          <RequestForm key={key} settings={form.settings} onResults={setSent} />
        ) : (
          <BatchResults sent={sent} onAnother={() => setSent(undefined)} />
        )}
      </SpaceBetween>
    </Page>
  );
}

function BatchResults({ sent, onAnother }: { sent: Sent; onAnother: () => void }) {
  const { known } = useChosenAccounts([...sent.results, ...sent.leftOut].map(({ account }) => account));
  return <Results {...sent} known={known} onAnother={onAnother} />;
}
