import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import * as api from "../../api/endpoints";
import type { AuditRecord } from "../../api/types";
import { isNotFound } from "../../api/problem";
import { ErrorNote } from "../../app/ErrorNote";
import { NotFoundPage } from "../../app/NotFoundPage";
import { Page } from "../../app/Page";
import { useIsPhone } from "../../app/useIsPhone";
import { Waiting } from "../../app/Waiting";
import { useText } from "../../i18n/useText";
import { AuditFilters } from "./AuditFilters";
import { AuditRows } from "./AuditRows";
import { DownloadButton } from "./DownloadButton";
import { EMPTY_FILTER, queryOf, type AuditFilter } from "./filter";
import { RecordDialog } from "./RecordDialog";
import { keyOf } from "./records";
import { useColumns } from "./columns";

/** Every recorded fact, newest first, refused attempts and failures too. */
export default function AuditPage() {
  const text = useText();
  const phone = useIsPhone();
  const [filter, setFilter] = useState<AuditFilter>(EMPTY_FILTER);
  const [opened, setOpened] = useState<AuditRecord>();
  const query = useAudit(filter);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const { columns, coming } = useColumns(items, setOpened);
  const header = (
    <Header variant="h2" actions={<DownloadButton filter={filter} />}>
      {text("audit.events")}
    </Header>
  );
  const filters = <AuditFilters filter={filter} onChange={setFilter} />;
  const empty = <Alert type="info">{text("audit.empty")}</Alert>;
  const more = query.hasNextPage && (
    <Box textAlign="center">
      <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {text("action.showMore")}
      </Button>
    </Box>
  );
  if (isNotFound(query.error)) return <NotFoundPage />;
  return (
    <Page title={text("nav.audit")} description={text("audit.description")}>
      <SpaceBetween size="m">
        {query.isError && <ErrorNote error={query.error} onRetry={() => void query.refetch()} />}
        {phone ? (
          <Container header={header} footer={more}>
            <ExpandableSection headerText={text("audit.filter")} variant="footer">
              {filters}
            </ExpandableSection>
            {query.isPending || coming ? (
              <Waiting />
            ) : items.length === 0 ? (
              empty
            ) : (
              <AuditRows records={items} columns={columns} />
            )}
          </Container>
        ) : (
          <Table
            columnDefinitions={columns}
            items={items}
            trackBy={keyOf}
            loading={query.isPending || coming}
            loadingText={text("state.loading")}
            wrapLines
            contentDensity="compact"
            header={header}
            filter={filters}
            empty={empty}
            ariaLabels={{ tableLabel: text("audit.events") }}
            footer={more}
          />
        )}
      </SpaceBetween>
      {opened !== undefined && <RecordDialog record={opened} onClose={() => setOpened(undefined)} />}
    </Page>
  );
}

function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ["audit", filter],
    queryFn: ({ signal, pageParam }) =>
      api.audit({ ...queryOf(filter), limit: 50, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: ({ state }) => (isNotFound(state.error) ? false : 8000),
  });
}
