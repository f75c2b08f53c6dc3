import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ComponentProps } from "react";
import { useLocation, useSearchParams } from "react-router";

import { mayPass } from "../../api/problem";
import { ErrorNote } from "../../app/ErrorNote";
import { Page } from "../../app/Page";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import { DirectoryAge } from "../directory/DirectoryAge";
import { Empty } from "../requests/Empty";
import { useAskedBefore } from "../requests/queries";
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
          <FilledIn key={key} settings={form.settings} onResults={setSent} />
        ) : (
          <BatchResults sent={sent} onAnother={() => setSent(undefined)} />
        )}
      </SpaceBetween>
    </Page>
  );
}

/** The form, once it is known what to fill in. An earlier request that cannot be had is told, and fills in nothing. */
function FilledIn(props: Pick<ComponentProps<typeof RequestForm>, "settings" | "onResults">) {
  const text = useText();
  const [query] = useSearchParams();
  const { data, error, isAwaited, refetch } = useAskedBefore(query.get("again"));
  if (isAwaited) return <Waiting />;
  const failed = data === undefined && error !== null;
  return (
    <SpaceBetween size="l">
      {failed && (
        <ErrorNote title={text("form.againNotFilled")} error={error} onRetry={() => void refetch()} />
      )}
      {!(failed && mayPass(error)) && <RequestForm {...props} before={data} />}
    </SpaceBetween>
  );
}

function BatchResults({ sent, onAnother }: { sent: Sent; onAnother: () => void }) {
  const { known } = useChosenAccounts([...sent.results, ...sent.leftOut].map(({ account }) => account));
  return <Results {...sent} known={known} onAnother={onAnother} />;
}
