import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useLocation } from "react-router";

import type { SubmissionResult } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { Page } from "../../app/Page";
import { useText } from "../../i18n/useText";
import { DirectoryAge } from "../directory/DirectoryAge";
import { Empty } from "../requests/Empty";
import { NowStrip } from "./NowStrip";
import { RequestForm } from "./RequestForm";
import { Results } from "./Results";
import { useChosenAccounts, useFormSettings } from "./useOffers";

export default function RequestPage() {
  const text = useText();
  const { key } = useLocation();
  const form = useFormSettings();
  const [results, setResults] = useState<SubmissionResult[]>();
  return (
    <Page title={text("nav.request")} description={text("form.description")}>
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
        ) : results === undefined ? (
          <RequestForm key={key} settings={form.settings} onResults={setResults} />
        ) : (
          <BatchResults results={results} onAnother={() => setResults(undefined)} />
        )}
      </SpaceBetween>
    </Page>
  );
}

function BatchResults({ results, onAnother }: { results: SubmissionResult[]; onAnother: () => void }) {
  const { known } = useChosenAccounts(results.map(({ account }) => account));
  return <Results results={results} known={known} onAnother={onAnother} />;
}
