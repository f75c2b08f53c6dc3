use kari_domain::ids::SlackChannel;
use kari_domain::settings::{Channels, Language, Settings};
use kari_domain::time::Minutes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an administrator may set without a deployment.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Settings)]
#[expect(clippy::struct_excessive_bools, reason = "each is set by itself")]
pub struct SettingsDocument {
    /// Whether anybody may ask for anything. While not, nothing begins, whatever was approved.
    requests_accepted: bool,
    /// No grant may be longer, whatever a policy says.
    #[schema(minimum = 15, maximum = 10080, example = 1440)]
    maximum_duration_minutes: u32,
    /// A pending request lapses this long after its submission.
    #[schema(minimum = 5, maximum = 10080, example = 480)]
    pending_lapses_after_minutes: u32,
    justification_required: bool,
    ticket_required: bool,
    /// How long before its end the requester is warned.
    #[schema(minimum = 1, maximum = 120, example = 15)]
    expiry_warning_minutes: u32,
    channels: ChannelsDocument,
    /// The Slack channel that is told of every event.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 81)]
    slack_audit_channel: Option<SlackChannel>,
    /// The Slack channel in which requests are reviewed whose approver policy names none.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 81)]
    slack_channel: Option<SlackChannel>,
    /// The language of what stands in Slack channels and in e-mail: `en` or `ja`.
    #[serde(default)]
    #[schema(value_type = String, example = "en")]
    slack_language: LanguageDocument,
    /// Whether only those may do anything in Slack who linked their Slack account in the portal.
    #[serde(default)]
    slack_linked_only: bool,
}

/// A language that Kari speaks.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LanguageDocument {
    #[default]
    En,
    Ja,
}

/// Which channels notifications go to.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Channels)]
pub(crate) struct ChannelsDocument {
    slack: bool,
    sns: bool,
    email: bool,
}

/// Settings, and the policy-set version at which they were last changed; edits name that version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionedSettings {
    pub(super) version: u64,
    pub(super) settings: SettingsDocument,
}

impl From<SettingsDocument> for Settings {
    fn from(document: SettingsDocument) -> Self {
        let ChannelsDocument { slack, sns, email } = document.channels;
        Self {
            requests_accepted: document.requests_accepted,
            maximum_duration_minutes: Minutes(document.maximum_duration_minutes),
            pending_lapses_after_minutes: Minutes(document.pending_lapses_after_minutes),
            justification_required: document.justification_required,
            ticket_required: document.ticket_required,
            expiry_warning_minutes: Minutes(document.expiry_warning_minutes),
            channels: Channels { slack, sns, email },
            slack_audit_channel: document.slack_audit_channel,
            slack_channel: document.slack_channel,
            slack_language: match document.slack_language {
                LanguageDocument::En => Language::En,
                LanguageDocument::Ja => Language::Ja,
            },
            slack_linked_only: document.slack_linked_only,
        }
    }
}

impl From<&Settings> for SettingsDocument {
    fn from(settings: &Settings) -> Self {
        let Channels { slack, sns, email } = settings.channels;
        Self {
            requests_accepted: settings.requests_accepted,
            maximum_duration_minutes: settings.maximum_duration_minutes.0,
            pending_lapses_after_minutes: settings.pending_lapses_after_minutes.0,
            justification_required: settings.justification_required,
            ticket_required: settings.ticket_required,
            expiry_warning_minutes: settings.expiry_warning_minutes.0,
            channels: ChannelsDocument { slack, sns, email },
            slack_audit_channel: settings.slack_audit_channel.clone(),
            slack_channel: settings.slack_channel.clone(),
            slack_language: match settings.slack_language {
                Language::En => LanguageDocument::En,
                Language::Ja => LanguageDocument::Ja,
            },
            slack_linked_only: settings.slack_linked_only,
        }
    }
}
