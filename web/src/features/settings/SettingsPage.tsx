import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";

import * as api from "../../api/endpoints";
import type { Channel, Settings, VersionedSettings } from "../../api/types";
import { CheckedAgainst, CheckedField } from "../../app/CheckedField";
import { ErrorNote } from "../../app/ErrorNote";
import { useFlashes } from "../../app/flashes";
import { FormSection } from "../../app/FormSection";
import { Page } from "../../app/Page";
import { useMe } from "../../app/useMe";
import { Waiting } from "../../app/Waiting";
import { useText, type MessageId } from "../../i18n/useText";
import { useTimes } from "../../time/useTimes";

type Minutes = "maximum_duration_minutes" | "pending_lapses_after_minutes" | "expiry_warning_minutes";
type Switch = "justification_required" | "ticket_required";

const MINUTES: Record<Minutes, MessageId> = {
  maximum_duration_minutes: "settings.maximum",
  pending_lapses_after_minutes: "settings.lapses",
  expiry_warning_minutes: "settings.warning",
};

const SWITCHES: Record<Switch, MessageId> = {
  justification_required: "settings.justification",
  ticket_required: "settings.ticket",
};

const CHANNELS: Record<Channel, MessageId> = {
  slack: "settings.slack",
  sns: "settings.sns",
  email: "settings.email",
};

const keys = <K extends string>(record: Record<K, unknown>) => Object.keys(record) as K[];

export default function SettingsPage() {
  const text = useText();
  const query = useQuery({ queryKey: ["settings"], queryFn: ({ signal }) => api.settings(signal) });
  return (
    <Page title={text("nav.settings")} description={text("settings.description")}>
      {query.data !== undefined ? (
        <SettingsForm key={query.data.version} current={query.data} />
      ) : query.isError ? (
        <ErrorNote error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Waiting />
      )}
    </Page>
  );
}

function SettingsForm({ current }: { current: VersionedSettings }) {
  const text = useText();
  const times = useTimes();
  const { data: me } = useMe();
  // What does not exist here is not offered: turning it on would do nothing.
  const channels = me?.channels ?? [];
  const readOnly = me?.roles.includes("administrator") !== true;
  const [settings, setSettings] = useState(current.settings);
  const save = useSave(current.version);
  const change = (part: Partial<Settings>) => setSettings({ ...settings, ...part });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate(settings);
  };
  return (
    <form onSubmit={submit}>
      <CheckedAgainst value={save.error}>
        <SpaceBetween size="m">
          <FormSection title={text("settings.sectionTimes")}>
            {keys(MINUTES).map((field) => (
              <CheckedField
                key={field}
                field={field}
                label={text(MINUTES[field])}
                constraintText={times.duration(settings[field])}
              >
                <div className="minutes">
                  <Input
                    type="number"
                    inputMode="numeric"
                    readOnly={readOnly}
                    value={String(settings[field])}
                    onChange={({ detail }) => change({ [field]: Number(detail.value) })}
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
          {channels.length > 0 && (
            <FormSection title={text("settings.sectionChannels")}>
              {channels.map((channel) => (
                <Toggle
                  key={channel}
                  readOnly={readOnly}
                  checked={settings.channels[channel]}
                  onChange={({ detail }) =>
                    change({ channels: { ...settings.channels, [channel]: detail.checked } })
                  }
                >
                  {text(CHANNELS[channel])}
                </Toggle>
              ))}
              {channels.includes("slack") && (
                <CheckedField field="slack_audit_channel" label={text("settings.slackAudit")}>
                  <Input
                    readOnly={readOnly}
                    value={settings.slack_audit_channel ?? ""}
                    placeholder="#access-audit"
                    onChange={({ detail }) =>
                      change({ slack_audit_channel: detail.value === "" ? null : detail.value })
                    }
                  />
                </CheckedField>
              )}
            </FormSection>
          )}
          {save.isError && <ErrorNote error={save.error} />}
          {!readOnly && (
            <Button variant="primary" formAction="submit" loading={save.isPending}>
              {text("action.save")}
            </Button>
          )}
        </SpaceBetween>
      </CheckedAgainst>
    </form>
  );
}

function useSave(version: number) {
  const text = useText();
  const client = useQueryClient();
  const { show } = useFlashes();
  return useMutation({
    mutationFn: (settings: Settings) => api.updateSettings(version, settings),
    onSuccess: () => {
      show({ type: "success", content: text("settings.saved") });
      return Promise.all([
        client.invalidateQueries({ queryKey: ["settings"] }),
        client.invalidateQueries({ queryKey: ["eligibility"] }),
      ]);
    },
  });
}
