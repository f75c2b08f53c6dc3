import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { isNotFound } from "../../api/problem";
import { ErrorNote } from "../../app/ErrorNote";
import { RouteButton } from "../../app/links";
import { NotFoundPage } from "../../app/NotFoundPage";
import { Page } from "../../app/Page";
import { useMe } from "../../app/useMe";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import { AccountRows } from "./AccountRows";
import { useSlackAccounts } from "./queries";

/** Whose Slack accounts speak for whom, and how an administrator ends that. */
export default function LinkedAccountsPage() {
  const text = useText();
  const { data: me } = useMe();
  const { items, ...query } = useSlackAccounts();
  if (isNotFound(query.error)) return <NotFoundPage />;
  const rows = items?.map(({ user, account }) => ({ person: user, account }));
  const mayUnlink = me?.roles.includes("administrator") === true;
  return (
    <Page
      title={text("slack.accounts")}
      description={text("slack.accountsHint")}
      actions={<RouteButton href="/settings">{text("slack.toSettings")}</RouteButton>}
    >
      <SpaceBetween size="m">
        {query.isError && <ErrorNote error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && <Waiting />}
        {rows !== undefined && rows.length > 0 && (
          <Container disableContentPaddings>
            <AccountRows label={text("slack.accounts")} rows={rows} mayUnlink={mayUnlink} />
          </Container>
        )}
        {rows?.length === 0 && !query.hasNextPage && <Container>{text("slack.nobody")}</Container>}
        {query.hasNextPage && (
          <Box textAlign="center">
            <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {text("action.showMore")}
            </Button>
          </Box>
        )}
      </SpaceBetween>
    </Page>
  );
}
