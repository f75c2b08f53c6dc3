import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";

import * as api from "../../api/endpoints";
import { isNotFound, Refused } from "../../api/problem";
import type { Settings, VersionedSettings } from "../../api/types";
import { CheckedAgainst, CheckedField } from "../../app/CheckedField";
import { ErrorNote } from "../../app/ErrorNote";
import { useFlashes } from "../../app/flashes";
import { FormSection } from "../../app/FormSection";
import { LeaveGuard } from "../../app/LeaveGuard";
import { NotFoundPage } from "../../app/NotFoundPage";
import { Page } from "../../app/Page";
import { withoutFields } from "../../app/problems";
import { StaleAlert } from "../../app/StaleAlert";
import { useMe } from "../../app/useMe";
import { Waiting } from "../../app/Waiting";
import { useProblemText } from "../../i18n/useProblemText";
import { useText, type MessageId } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";
import { ChannelSettings } from "./ChannelSettings";
import { differ } from "./differ";
import { SlackSettings } from "./SlackSettings";
import { useSettings } from "./useSettings";

type Minutes = "maximum_duration_minutes" | "pending_lapses_after_minutes" | "expiry_warning_minutes";
type Switch = "requests_accepted" | "justification_required" | "ticket_required";

const MINUTES: Record<Minutes, MessageId> = {
  maximum_duration_minutes: "settings.maximum",
  pending_lapses_after_minutes: "settings.lapses",
  expiry_warning_minutes: "settings.warning",
};

const WEEK = 7 * 24 * 60;

/** What each may be, so that it is said before the API refuses it. */
const RANGE: Record<Minutes, { lowest: number; highest: number }> = {
  maximum_duration_minutes: { lowest: 15, highest: WEEK },
  pending_lapses_after_minutes: { lowest: 5, highest: WEEK },
  expiry_warning_minutes: { lowest: 1, highest: 120 },
};

const isBad = (error: unknown) => error instanceof Refused && error.problem.code === "bad-policy";

const SWITCHES: Record<Switch, MessageId> = {
  requests_accepted: "settings.requestsAccepted",
  justification_required: "settings.justification",
  ticket_required: "settings.ticket",
};

const keys = <K extends string>(record: Record<K, unknown>) => Object.keys(record) as K[];

export default function SettingsPage() {
  const text = useText();
  const query = useSettings();
  const { show } = useFlashes();
  const problemText = useProblemText();
  const [held, setHeld] = useState<VersionedSettings>();
  // What is being changed stays as it was opened, whatever others do meanwhile.
  const current = held ?? query.data;
  const reopen = async () => {
    const { error } = await query.refetch();
    // Else the same version would be opened as before, and nothing seem to happen.
    if (error !== null) show({ type: "error", ...problemText(error) });
    else setHeld(undefined);
  };
  if (isNotFound(query.error)) return <NotFoundPage />;
  return (
    <Page title={text("nav.settings")} description={text("settings.description")}>
      {current !== undefined ? (
        <SettingsForm
          key={current.version}
          current={current}
          onChange={() => setHeld(current)}
          onSaved={() => setHeld(undefined)}
          onReopen={() => void reopen()}
        />
      ) : query.isError ? (
        <ErrorNote error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Waiting />
      )}
    </Page>
  );
}

interface Props {
  /** The version that is looked at. */
  current: VersionedSettings;
  onChange: () => void;
  onSaved: () => void;
  onReopen: () => void;
}

function SettingsForm({ current, onChange, onSaved, onReopen }: Props) {
  const text = useText();
  const times = useTimes();
  const { data: me } = useMe();
  const readOnly = me?.roles.includes("administrator") !== true;
  const [settings, setSettings] = useState(current.settings);
  const save = useSave(current.version, onSaved);
  const [error, setError] = useState<unknown>(null);
  const change = (part: Partial<Settings>) => {
    setError((before: unknown) => withoutFields(before, Object.keys(part)));
    setSettings({ ...settings, ...part });
    onChange();
  };
  const stale = error instanceof Refused && error.problem.code === "stale-version";
  const outside = (field: Minutes) =>
    settings[field] < RANGE[field].lowest || settings[field] > RANGE[field].highest;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    setError(null);
    if (!keys(MINUTES).some(outside)) save.mutate(settings, { onError: setError });
  };
  const bounds = (field: Minutes) => ({
    lowest: times.duration(RANGE[field].lowest),
    highest: times.duration(RANGE[field].highest),
  });
  const range = (field: Minutes) => ` · ${text("settings.range", bounds(field))}`;
  return (
    <form onSubmit={submit} noValidate>
      <CheckedAgainst value={error}>
        <SpaceBetween size="m">
          <FormSection title={text("settings.sectionTimes")}>
            {keys(MINUTES).map((field) => (
              <CheckedField
                key={field}
                field={field}
                label={text(MINUTES[field])}
                constraintText={times.duration(settings[field]) + (outside(field) ? "" : range(field))}
                errorText={
                  outside(field)
                    ? text("reason.out-of-range", { field: text(MINUTES[field]), ...bounds(field) })
                    : undefined
                }
              >
                <div className="minutes">
                  <Input
                    type="number"
                    inputMode="numeric"
                    readOnly={readOnly}
                    value={settings[field] === 0 ? "" : String(settings[field])}
                    nativeInputAttributes={{ min: RANGE[field].lowest, max: RANGE[field].highest }}
                    onChange={({ detail }) =>
                      change({ [field]: Math.max(0, Math.trunc(Number(detail.value))) })
                    }
                  />
                  <span>{text("settings.minutes")}</span>
                </div>
              </CheckedField>
            ))}
          </FormSection>
          <FormSection title={text("settings.sectionRequests")}>
            {keys(SWITCHES).map((field) => (
              <Toggle
                key={field}
                readOnly={readOnly}
                checked={settings[field]}
                onChange={({ detail }) => change({ [field]: detail.checked })}
              >
                {text(SWITCHES[field])}
              </Toggle>
            ))}
          </FormSection>
          <ChannelSettings settings={settings} readOnly={readOnly} onChange={change} />
          {me?.channels.includes("slack") === true && (
            <SlackSettings settings={settings} readOnly={readOnly} onChange={change} />
          )}
          {stale ? (
            <StaleAlert onReopen={onReopen}>{text("policies.stale")}</StaleAlert>
          ) : (
            error !== null && (
              <ErrorNote error={error} marked title={isBad(error) ? text("settings.refused") : undefined} />
            )
          )}
          {!readOnly && (
            <Button variant="primary" formAction="submit" loading={save.isPending} disabled={stale}>
              {text("action.save")}
            </Button>
          )}
        </SpaceBetween>
      </CheckedAgainst>
      <LeaveGuard unsaved={() => differ(settings, current.settings)} />
    </form>
  );
}

function useSave(version: number, onSaved: () => void) {
  const text = useText();
  const client = useQueryClient();
  const { show } = useFlashes();
  return useMutation({
    mutationFn: (settings: Settings) => api.updateSettings(version, settings),
    onSuccess: (saved) => {
      client.setQueryData(["settings"], saved);
      onSaved();
      show({ own: true, type: "success", content: text("settings.saved") });
      return Promise.all([
        client.invalidateQueries({ queryKey: ["settings"] }),
        client.invalidateQueries({ queryKey: ["eligibility"] }),
      ]);
    },
  });
}
