import Select from "@cloudscape-design/components/select";
import Toggle from "@cloudscape-design/components/toggle";
import { useId } from "react";

import type { Channel, Settings } from "../../api/types";
import { CheckedField } from "../../app/CheckedField";
import { FormSection } from "../../app/FormSection";
import { useMe } from "../../app/useMe";
import { useText, type MessageId } from "../../i18n/useText";
import { useInbox } from "../inbox/useInbox";
import { CHANNEL_TEXT, CHANNELS, switchOf } from "./channels";

interface Props {
  settings: Settings;
  readOnly: boolean;
  onChange: (part: Partial<Settings>) => void;
}

const ABOUT: Record<Channel, MessageId> = {
  slack: "settings.slackHint",
  email: "settings.emailHint",
  sns: "settings.snsHint",
};

/** Where it is said how a channel is set up on AWS. */
const MANUAL: Record<Channel, string> = {
  slack: "infra/slack.md",
  email: "infra/README.md",
  sns: "infra/sns.md",
};

/** The same on one machine, with what `kari` is started with. */
const ON_ONE_MACHINE: Record<Channel, { options: string; file: string }> = {
  slack: { options: "--slack-secrets FILE --slack-workspaces T…", file: "infra/slack.md" },
  email: { options: "--mail-secrets FILE", file: "README.md" },
  sns: { options: "--sns-topic ARN", file: "README.md" },
};

const LANGUAGES = ["en", "ja"] as const;
const LANGUAGE_TEXT: Record<(typeof LANGUAGES)[number], MessageId> = {
  en: "settings.slackLanguage.en",
  ja: "settings.slackLanguage.ja",
};

/** Each channel by itself; of one that is not set up it is said how it can be. */
export function ChannelSettings(props: Props) {
  const text = useText();
  const { data: me } = useMe();
  const writes = me?.channels.some((channel) => channel !== "sns") === true;
  return (
    <FormSection title={text("settings.sectionChannels")} description={text("settings.channelsHint")}>
      {CHANNELS.map((channel) => (
        <ChannelSwitch key={channel} channel={channel} {...props} />
      ))}
      {writes && <LanguageField {...props} />}
    </FormSection>
  );
}

/** The language of what nobody reads alone, and of e-mail. */
function LanguageField({ settings, readOnly, onChange }: Props) {
  const text = useText();
  const options = LANGUAGES.map((value) => ({ value, label: text(LANGUAGE_TEXT[value]) }));
  return (
    <CheckedField
      field="slack_language"
      label={text("settings.slackLanguage")}
      description={text("settings.slackLanguageHint")}
    >
      <Select
        readOnly={readOnly}
        selectedOption={options.find(({ value }) => value === (settings.slack_language ?? "en")) ?? null}
        options={options}
        onChange={({ detail }) =>
          onChange({ slack_language: detail.selectedOption.value === "ja" ? "ja" : "en" })
        }
      />
    </CheckedField>
  );
}

function ChannelSwitch({ channel, settings, readOnly, onChange }: Props & { channel: Channel }) {
  const text = useText();
  const { data: me } = useMe();
  const about = useId();
  const { channels } = settings;
  const { setUp, on, disabled } = switchOf(channel, me, channels);
  return (
    <div>
      <Toggle
        readOnly={readOnly}
        disabled={disabled}
        checked={on}
        ariaDescribedby={about}
        onChange={({ detail }) => onChange({ channels: { ...channels, [channel]: detail.checked } })}
      >
        {text(CHANNEL_TEXT[channel])}
      </Toggle>
      {/* Not the toggle's own description, which can hardly be read where it is disabled. */}
      <div id={about} className="channel-about">
        {setUp ? text(ABOUT[channel]) : <Missing channel={channel} />}
      </div>
    </div>
  );
}

/** How a channel can be set up. What runs on one machine is known by its inbox. */
function Missing({ channel }: { channel: Channel }) {
  const text = useText();
  const { data: inbox } = useInbox();
  if (inbox === undefined) return text("settings.channelMissing", { file: MANUAL[channel] });
  return text("settings.channelMissingHere", ON_ONE_MACHINE[channel]);
}
