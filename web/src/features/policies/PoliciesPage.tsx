import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs, { type TabsProps } from "@cloudscape-design/components/tabs";
import { useSearchParams } from "react-router";

import { isNotFound } from "../../api/problem";
import { NotFoundPage } from "../../app/NotFoundPage";
import { Page } from "../../app/Page";
import { useMe } from "../../app/useMe";
import { useText } from "../../i18n/useText";
import { DirectoryAge } from "../directory/DirectoryAge";
import { TryPanel } from "../trials/TryPanel";
import { KIND_TEXT, POLICY_KINDS } from "./kinds";
import { AllPolicyFindings } from "./PolicyFindings";
import { PolicyList } from "./PolicyList";
import { usePolicies } from "./queries";

/** The tab that asks how things are. */
const WHO = "who";

export default function PoliciesPage() {
  const text = useText();
  const { data: me } = useMe();
  const { error } = usePolicies("eligibility");
  const [query, setQuery] = useSearchParams();
  const mayTry = me?.roles.includes("administrator") === true;
  const shown = query.get("kind");
  const tabs: TabsProps.Tab[] = POLICY_KINDS.map((id) => ({
    id,
    label: text(KIND_TEXT[id].title),
    content: <PolicyList key={id} kind={id} />,
  }));
  if (mayTry) tabs.push({ id: WHO, label: text("trial.who"), content: <WhoCould /> });
  const active = tabs.find(({ id }) => id === shown)?.id ?? "eligibility";
  if (isNotFound(error)) return <NotFoundPage />;
  return (
    <Page title={text("nav.policies")} description={text("policies.description")}>
      <SpaceBetween size="l">
        <AllPolicyFindings />
        <Tabs
          activeTabId={active}
          onChange={({ detail }) => setQuery({ kind: detail.activeTabId }, { replace: true })}
          tabs={tabs}
        />
        <DirectoryAge always />
      </SpaceBetween>
    </Page>
  );
}

function WhoCould() {
  const text = useText();
  return (
    <div className="narrow">
      <Container
        header={
          <Header variant="h2" description={text("trial.whoHint")}>
            {text("trial.who")}
          </Header>
        }
      >
        <TryPanel change={null} />
      </Container>
    </div>
  );
}
