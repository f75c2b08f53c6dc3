import type { MultiselectProps } from "@cloudscape-design/components/multiselect";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { TextareaProps } from "@cloudscape-design/components/textarea";
import type { TilesProps } from "@cloudscape-design/components/tiles";
import { useRef, useState, type SyntheticEvent } from "react";
import { useNavigate } from "react-router";

import { mayPass, Refused } from "../../api/problem";
import type { EligibilityPage, RequestView } from "../../api/types";
import { ErrorNote } from "../../app/ErrorNote";
import { useFlashes } from "../../app/flashes";
import { useJoin } from "../../i18n/useJoin";
import { useProblemText } from "../../i18n/useProblemText";
import { useText, type MessageId } from "../../i18n/useText";
import { useSession } from "../../session/SessionGate";
import { useTimes } from "../../time/useTimes";
import { AccountField } from "./AccountField";
import { startOf, submissionOf, useDraft, type Draft } from "./draft";
import { NotOffered } from "./NotOffered";
import { SHORTEST } from "./offers";
import type { Sent } from "./Results";
import { PermissionSetField } from "./PermissionSetField";
import { DurationField, StartField } from "./TimeFields";
import { useFormState } from "./useFormState";
import { useObstacleText } from "./useObstacleText";
import { useRefusedTexts } from "./useRefusedTexts";
import { useSubmit } from "./useSubmit";
import { VerdictPanel, type Missing } from "./VerdictPanel";
import { WhyFields } from "./WhyFields";

interface Props {
  settings: EligibilityPage["settings"] | undefined;
  /** The request whose like is asked for again. */
  before: RequestView | undefined;
  onResults: (sent: Sent) => void;
}

export function RequestForm({ settings, before, onResults }: Props) {
  const text = useText();
  const navigate = useNavigate();
  const times = useTimes();
  const { show } = useFlashes();
  const { draft, change: fill, forget } = useDraft(useSession().person, before);
  const form = useFormState(draft, settings);
  const submit = useSubmit();
  const obstacleText = useObstacleText();
  const problemText = useProblemText();
  const join = useJoin();
  const refused = useRefusedTexts(submit.error);
  const besideFields = refused("justification") ?? refused("ticket");
  const durationError = form.durationOff
    ? text("form.durationRange", { lowest: times.duration(SHORTEST), highest: times.duration(form.limit) })
    : undefined;
  const blocked = form.chosen.unavailable.length > 0;
  const [count, total] = [form.askable.length, form.chosen.ids.length];
  // Where none can be asked for, the button is for all that there are, and says why it cannot be pressed.
  const sendText =
    count > 0 && count < total
      ? text("form.sendSome", { count, total })
      : text("form.send", { count: Math.max(1, form.possible.length) });
  /** What is wrong with a field that is not beside the button; what would be refused is told above it. */
  const wrong = durationError
    ? text("form.problemOf", { field: text("form.duration"), problem: durationError })
    : blocked
      ? text("form.permissionSetAfter")
      : undefined;
  const impossible = form.obstacles.length > 0 || wrong !== undefined;
  const [tried, setTried] = useState(false);
  const accountRef = useRef<MultiselectProps.Ref>(null);
  const tilesRef = useRef<TilesProps.Ref>(null);
  const whyRef = useRef<TextareaProps.Ref>(null);

  // What was said against something else than what now stands there holds no longer.
  const change = (part: Partial<Draft>) => {
    fill(part);
    if (submit.isError && !mayPass(submit.error)) submit.reset();
  };
  const focusFirstMissing = () => {
    if (form.missing.accounts) accountRef.current?.focus();
    else if (form.missing.permissionSet) tilesRef.current?.focus();
    else if (form.missing.justification) whyRef.current?.focus();
  };
  const send = async (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (impossible) return;
    const start = startOf(draft);
    if (form.incomplete || form.permissionSet === undefined || start === undefined) {
      focusFirstMissing();
      return;
    }
    const submission = submissionOf(draft, form.askable, form.permissionSet.arn, form.duration, start);
    const { results } = await submit.mutateAsync(submission).catch(() => ({ results: [] }));
    const [only] = results;
    if (results.some(({ request }) => request !== null)) forget();
    if (only === undefined) return;
    if (results.length + form.refused.length > 1) onResults({ results, leftOut: form.refused });
    else if (only.request) {
      show({ own: true, type: "success", content: text("form.sent") });
      void navigate(`/requests/${only.request.id}`);
    }
  };
  const required = (missing: boolean, id: MessageId) => (tried && missing ? text(id) : undefined);
  const inPast = [submit.error, ...form.verdicts.map(({ error }) => error)].find(isStartInPast);
  const time = {
    draft,
    change,
    limit: form.limit,
    longest: form.longest,
    duration: form.duration,
    durationError,
    startError:
      required(form.missing.start, "form.requiredStart") ??
      (inPast === undefined ? undefined : problemText(inPast).content),
  };
  return (
    <form className="request-form" onSubmit={(event) => void send(event)} noValidate>
      <Container>
        <SpaceBetween size="l">
          <AccountField
            ref={accountRef}
            chosen={form.chosen.ids}
            known={form.chosen.known}
            onChange={(accounts) => change({ accounts })}
            errorText={required(form.missing.accounts, "form.requiredAccounts")}
          />
          <NotOffered missed={form.notOffered} />
          {form.chosen.error !== null && <ErrorNote error={form.chosen.error} onRetry={form.chosen.retry} />}
          <PermissionSetField
            ref={tilesRef}
            failed={form.chosen.error !== null}
            blocked={blocked}
            offers={form.chosen.offers}
            chosen={form.permissionSet?.arn}
            anyAccount={draft.accounts.length > 0}
            loading={form.chosen.loading}
            onChange={(permissionSet) => change({ permissionSet })}
            errorText={required(
              form.missing.permissionSet && !form.missing.accounts && !blocked,
              "form.requiredSet",
            )}
          />
          {form.notes.map(({ note, accounts }) => (
            <Alert key={note} type="info">
              {total > 1 ? text("form.noteOf", { accounts: join(accounts), note }) : note}
            </Alert>
          ))}
          <DurationField {...time} />
          <StartField {...time} />
          <WhyFields
            draft={draft}
            change={change}
            whyRef={whyRef}
            justificationRequired={settings?.justification_required ?? true}
            ticketRequired={form.ticketRequired}
            tried={tried}
            refused={refused}
          />
        </SpaceBetween>
      </Container>
      <div className="request-aside">
        <Container header={<Header variant="h2">{text("verdict.title")}</Header>}>
          <SpaceBetween size="m">
            <VerdictPanel
              verdicts={form.verdicts}
              later={draft.later}
              known={form.chosen.known}
              missing={missingFor(form)}
            />
            {submit.isError && besideFields === undefined && <ErrorNote error={submit.error} />}
            <Button
              variant="primary"
              formAction="submit"
              fullWidth
              loading={submit.isPending}
              disabled={impossible}
              disabledReason={wrong ?? obstacleText(form.obstacles)}
            >
              {submit.isError ? text("form.sendAgain") : sendText}
            </Button>
            {wrong !== undefined && <Box color="text-status-error">{wrong}</Box>}
            {form.refused.length > 0 && !impossible && (
              <Box color="text-body-secondary">{text("form.leftOut", { count: form.refused.length })}</Box>
            )}
          </SpaceBetween>
        </Container>
      </div>
    </form>
  );
}

const isStartInPast = (error: unknown): boolean =>
  error instanceof Refused && error.problem.code === "start-in-past";

/** What has to be filled in before it can be said what will happen. */
function missingFor(form: ReturnType<typeof useFormState>): Missing | undefined {
  if (form.permissionSet === undefined) return "target";
  if (form.durationOff) return "duration";
  return form.missing.start ? "start" : undefined;
}
