import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { Refused } from "../../api/problem";
import type { AnyPolicy, PolicyKind, Versioned } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { useFlashes } from "../../app/flashes";
import { LeaveGuard } from "../../app/LeaveGuard";
import { RouteButton } from "../../app/links";
import { Page } from "../../app/Page";
import { withoutFields } from "../../app/problems";
import { useText } from "../../i18n/useText";
import { DirectoryAge } from "../directory/DirectoryAge";
import { TryPanel } from "../trials/TryPanel";
import { DeletePolicy } from "./DeletePolicy";
import { KIND_TEXT, policiesHref } from "./kinds";
import { CheckedAgainst } from "../../app/CheckedField";
import { FindingsOf } from "./PolicyFindings";
import { PolicyForm } from "./PolicyForm";
import { PolicyJson } from "./PolicyJson";
import { useChangePolicy } from "./queries";
import { StaleNote } from "./StaleNote";
import { badPolicy, changedFields, formProblems } from "./formProblems";
import { useDraft } from "./useDraft";
import type { Draft } from "./whole";

interface Props {
  kind: PolicyKind;
  /** The version that was looked at; none for a new policy. */
  before: Versioned<AnyPolicy> | undefined;
  /** The ids of all policies of this kind. */
  taken: string[];
  onReopen: () => void;
}

/** A policy as a form or as JSON, beside what would come of it. */
export function PolicyEditor({ kind, before, taken, onReopen }: Props) {
  const text = useText();
  const navigate = useNavigate();
  const { show } = useFlashes();
  const change = useChangePolicy(kind);
  const draft = useDraft(kind, before?.policy);
  /** What is said against fields, whether of saving or of trying. */
  const [error, setError] = useState<unknown>(null);
  /** What is said against saving. */
  const [refused, setRefused] = useState<unknown>(null);
  const saved = useRef(false);
  const [deleting, setDeleting] = useState(false);
  const done = () => void navigate(policiesHref(kind));
  const deleted = () => {
    saved.current = true;
    done();
  };
  const edit = (next: Draft) => {
    // What was said against a field holds no longer once the field is another one.
    const changed = changedFields(draft.draft.policy, next.policy);
    const without = (before: unknown) => withoutFields(before, changed);
    setError(without);
    setRefused(without);
    draft.change(next);
  };
  const refuse = (reason: unknown) => {
    setError(reason);
    setRefused(reason);
  };
  const save = () => {
    const policy = draft.current();
    if (policy === undefined) return;
    const problems = draft.tab === "form" ? formProblems(draft.draft) : [];
    if (problems.length > 0) {
      refuse(badPolicy(problems));
      return;
    }
    setRefused(null);
    const onSuccess = () => {
      saved.current = true;
      show({ own: true, type: "success", content: text("policies.saved") });
      done();
    };
    const answered = { onSuccess, onError: refuse };
    if (before === undefined) change.mutate({ type: "create", policy }, answered);
    else change.mutate({ type: "update", before, policy }, answered);
  };
  const stale = refused instanceof Refused && refused.problem.code === "stale-version";
  return (
    <Page
      title={before?.policy.name ?? text(KIND_TEXT[kind].create)}
      description={text(KIND_TEXT[kind].hint)}
      actions={
        before !== undefined && <Button onClick={() => setDeleting(true)}>{text("action.delete")}</Button>
      }
    >
      <div className="policy-page">
        <SpaceBetween size="m">
          {before !== undefined && <FindingsOf kind={kind} id={before.policy.id} />}
          <DirectoryAge />
          <CheckedAgainst value={error}>
            <Tabs
              activeTabId={draft.tab}
              onChange={({ detail }) => draft.turnTo(detail.activeTabId === "json" ? "json" : "form")}
              tabs={[
                {
                  id: "form",
                  label: text("policies.form"),
                  content: (
                    <PolicyForm
                      draft={draft.draft}
                      taken={before === undefined ? taken : undefined}
                      onChange={edit}
                    />
                  ),
                },
                { id: "json", label: "JSON", content: <PolicyJson draft={draft} /> },
              ]}
            />
          </CheckedAgainst>
          {stale && before !== undefined ? (
            <StaleNote kind={kind} id={before.policy.id} opened={before.version} onReopen={onReopen} />
          ) : (
            refused !== null && <ErrorNote error={refused} onRetry={save} marked={draft.tab === "form"} />
          )}
          <SpaceBetween size="xs" direction="horizontal">
            <Button variant="primary" loading={change.isPending} disabled={stale} onClick={save}>
              {text("action.save")}
            </Button>
            <RouteButton href={policiesHref(kind)} variant="link">
              {text("action.cancel")}
            </RouteButton>
          </SpaceBetween>
        </SpaceBetween>
        <aside className="policy-aside" aria-label={text("trial.title")}>
          <Container
            header={
              <Header variant="h2" description={text("trial.hint")}>
                {text("trial.title")}
              </Header>
            }
          >
            {draft.readable === undefined ? (
              <Alert type="info">{text("policies.malformed")}</Alert>
            ) : (
              <TryPanel change={{ [kind]: draft.readable }} {...draft.target} onError={setError} />
            )}
          </Container>
        </aside>
      </div>
      <LeaveGuard unsaved={() => draft.isChanged && !saved.current} />
      {deleting && before !== undefined && (
        <DeletePolicy kind={kind} before={before} onDeleted={deleted} onClose={() => setDeleting(false)} />
      )}
    </Page>
  );
}
