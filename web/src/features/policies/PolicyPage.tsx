import { useState } from "react";
import { useParams } from "react-router";

import { isNotFound } from "../../api/problem";
import { ErrorNote } from "../../app/ErrorNote";
import { useFlashes } from "../../app/flashes";
import { NotFoundPage } from "../../app/NotFoundPage";
import { Page } from "../../app/Page";
import { useMe } from "../../app/useMe";
import { Waiting } from "../../app/Waiting";
import type { AnyPolicy, PolicyKind, Versioned } from "../../api/types";
import { useProblemText } from "../../i18n/useProblemText";
import { useText } from "../../i18n/useText";
import { KIND_TEXT, POLICY_KINDS } from "./kinds";
import { PolicyEditor } from "./PolicyEditor";
import { PolicyReader } from "./PolicyReader";
import { usePolicies } from "./queries";

/** One policy at its own address, or a new one. */
export default function PolicyPage() {
  const { kind: named, id } = useParams();
  const kind = POLICY_KINDS.find((known) => known === named);
  return kind === undefined ? (
    <NotFoundPage />
  ) : (
    <OnePolicy key={`${kind}/${id ?? ""}`} kind={kind} id={id} />
  );
}

function OnePolicy({ kind, id }: { kind: PolicyKind; id: string | undefined }) {
  const text = useText();
  const { data: me } = useMe();
  const query = usePolicies(kind);
  const { show } = useFlashes();
  const problemText = useProblemText();
  const [opened, setOpened] = useState<Versioned<AnyPolicy>>();
  const found = query.data?.items.find(({ policy }) => policy.id === id);
  // What is being changed stays as it was opened, whatever others do meanwhile.
  if (opened === undefined && found !== undefined) setOpened(found);
  if (isNotFound(query.error)) return <NotFoundPage />;
  if (query.data === undefined || me === undefined) {
    return (
      <Page title={text(KIND_TEXT[kind].title)}>
        {query.isError ? <ErrorNote error={query.error} onRetry={() => void query.refetch()} /> : <Waiting />}
      </Page>
    );
  }
  const mayEdit = me.roles.includes("administrator");
  if (id !== undefined && opened === undefined) return <NotFoundPage />;
  if (!mayEdit) {
    return opened === undefined ? <NotFoundPage /> : <PolicyReader kind={kind} policy={opened.policy} />;
  }
  const taken = query.data.items.map(({ policy }) => policy.id);
  const reopen = async () => {
    const { data, error } = await query.refetch();
    // Else the same version would be opened as before, and nothing seem to happen.
    if (error !== null) show({ type: "error", ...problemText(error) });
    else setOpened(data?.items.find(({ policy }) => policy.id === id));
  };
  return (
    <PolicyEditor
      key={opened?.version ?? 0}
      kind={kind}
      before={opened}
      taken={taken}
      onReopen={() => void reopen()}
    />
  );
}
