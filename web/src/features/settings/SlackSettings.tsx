import Input from "@cloudscape-design/components/input";
import Toggle from "@cloudscape-design/components/toggle";

import type { Settings } from "../../api/types";
import { CheckedField } from "../../app/CheckedField";
import { FormSection } from "../../app/FormSection";
import { RouteLink } from "../../app/links";
import { useText, type MessageId } from "../../i18n/useText";

interface Props {
  settings: Settings;
  readOnly: boolean;
  onChange: (part: Partial<Settings>) => void;
}

type ChannelField = "slack_channel" | "slack_audit_channel";

const FIELDS: Record<ChannelField, { label: MessageId; hint: MessageId; example: string }> = {
  slack_channel: {
    label: "settings.slackChannel",
    hint: "settings.slackChannelHint",
    example: "#access-requests",
  },
  slack_audit_channel: {
    label: "settings.slackAudit",
    hint: "settings.slackAuditHint",
    example: "#access-audit",
  },
};

/** Where in Slack, and who may do something there. */
export function SlackSettings(props: Props) {
  const text = useText();
  const { settings, readOnly, onChange } = props;
  return (
    <FormSection title={text("settings.sectionSlack")} description={text("settings.sectionSlackHint")}>
      <SlackChannelField field="slack_channel" {...props} />
      <SlackChannelField field="slack_audit_channel" {...props} />
      <Toggle
        readOnly={readOnly}
        checked={settings.slack_linked_only === true}
        description={text("settings.slackLinkedOnlyHint")}
        onChange={({ detail }) => onChange({ slack_linked_only: detail.checked })}
      >
        {text("settings.slackLinkedOnly")}
      </Toggle>
      <RouteLink href="/settings/slack">{text("slack.accounts")}</RouteLink>
    </FormSection>
  );
}

function SlackChannelField({ field, settings, readOnly, onChange }: Props & { field: ChannelField }) {
  const text = useText();
  const { label, hint, example } = FIELDS[field];
  return (
    <CheckedField field={field} label={text(label)} description={text(hint)}>
      <Input
        readOnly={readOnly}
        value={settings[field] ?? ""}
        placeholder={example}
        onChange={({ detail }) => onChange({ [field]: detail.value === "" ? null : detail.value })}
      />
    </CheckedField>
  );
}
