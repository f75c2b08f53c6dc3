import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMutation } from "@tanstack/react-query";

import * as api from "../../api/endpoints";
import type { SlackLink } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { NotFoundPage } from "../../app/NotFoundPage";
import { Page } from "../../app/Page";
import { Waiting } from "../../app/Waiting";
import { Text, useText } from "../../i18n/useText";
import { Countdown } from "../../time/Countdown";
import { Moment } from "../../time/Moment";
import { useServerNow } from "../../time/serverClock";
import { commandOf, isGood } from "./link";
import { MyAccounts } from "./MyAccounts";
import { useMySlackAccounts } from "./queries";
import { useSlack } from "./useSlack";

/** How somebody's Slack account is made known as theirs, by a code from here, given there; and how that is taken back. */
export default function LinkSlackPage() {
  const text = useText();
  const { on, linkedOnly, error, refetch } = useSlack();
  const { data: mine } = useMySlackAccounts(false, on === true);
  if (on === false) return <NotFoundPage />;
  const isLinked = (mine?.items.length ?? 0) > 0;
  const description = text(isLinked ? "slack.byLink" : linkedOnly ? "slack.linkedOnly" : "slack.byEmail");
  return (
    <Page title={text("slack.link")} description={on === true && description}>
      {on === true ? (
        <Linking />
      ) : error === null ? (
        <Waiting />
      ) : (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  );
}

function Linking() {
  const text = useText();
  const now = useServerNow();
  // NB. Shown only once asked for, and kept no longer than the page is open: others may look on.
  const ask = useMutation({ mutationFn: api.linkSlack, gcTime: 0 });
  const link = ask.data;
  const good = link !== undefined && isGood(link, now);
  return (
    <SpaceBetween size="l">
      <MyAccounts expecting={good} />
      <Container>
        <SpaceBetween size="l">
          <div>
            <Alert type="warning" header={text("slack.secret")}>
              {text("slack.secretHint")}
            </Alert>
            {/* It is there before the code is, so that the code is read out; until then it takes no room. */}
            <div className="link-status" role="status">
              {good && <Command link={link} />}
              {link !== undefined && !good && <Box>{text("slack.over")}</Box>}
            </div>
          </div>
          {good && <GoodFor link={link} />}
          {ask.isError && <ErrorNote error={ask.error} onRetry={() => ask.mutate()} />}
          <Button variant={good ? "normal" : "primary"} loading={ask.isPending} onClick={() => ask.mutate()}>
            {text(link === undefined ? "slack.show" : "slack.another")}
          </Button>
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}

function Command({ link }: { link: SlackLink }) {
  const text = useText();
  return (
    <SpaceBetween size="s">
      <Box>{text("slack.send")}</Box>
      <div className="link-command">
        <code>
          {"/access link "}
          <span className="link-code">{link.code}</span>
        </code>
      </div>
    </SpaceBetween>
  );
}

function GoodFor({ link }: { link: SlackLink }) {
  const text = useText();
  return (
    <div className="link-foot">
      <CopyToClipboard
        variant="button"
        textToCopy={commandOf(link)}
        copyButtonText={text("slack.copy")}
        copySuccessText={text("cli.copied")}
        copyErrorText={text("cli.notCopied")}
      />
      <span>
        <Text
          id="slack.good"
          values={{ left: <Countdown until={link.expires_at} />, end: <Moment at={link.expires_at} /> }}
        />
      </span>
    </div>
  );
}
