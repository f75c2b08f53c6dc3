import Tabs from "@cloudscape-design/components/tabs";
import { useSearchParams } from "react-router";

import { Page } from "../../app/Page";
import { useText } from "../../i18n/useText";
import { KIND_TEXT, POLICY_KINDS } from "./kinds";
import { PolicyTable } from "./PolicyTable";

export default function PoliciesPage() {
  const text = useText();
  const [query, setQuery] = useSearchParams();
  const kind = POLICY_KINDS.find((known) => known === query.get("kind")) ?? "eligibility";
  return (
    <Page title={text("nav.policies")} description={text("policies.description")}>
      <Tabs
        activeTabId={kind}
        onChange={({ detail }) => setQuery({ kind: detail.activeTabId }, { replace: true })}
        tabs={POLICY_KINDS.map((id) => ({
          id,
          label: text(KIND_TEXT[id].title),
          content: <PolicyTable key={id} kind={id} />,
        }))}
      />
    </Page>
  );
}
