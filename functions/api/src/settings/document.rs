use kari_domain::settings::{Channels, Settings};
use kari_domain::time::Minutes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an administrator may set without a deployment.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Settings)]
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
    #[schema(value_type = Option<String>, max_length = 80)]
    slack_audit_channel: Option<SlackChannel>,
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

/// The name or id of a Slack channel: 1 to 80 letters, digits, hyphens and underscores, with
/// or without a `#`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String")]
struct SlackChannel(String);

impl TryFrom<String> for SlackChannel {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        let plain = name.chars().all(|c| c.is_alphanumeric() || "#-_".contains(c));
        if plain && (1..=80).contains(&name.chars().count()) {
            Ok(Self(name))
        } else {
            Err("a Slack channel has 1 to 80 letters, digits, hyphens and underscores")
        }
    }
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
            slack_audit_channel: document.slack_audit_channel.map(|channel| channel.0),
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
            slack_audit_channel: settings.slack_audit_channel.clone().map(SlackChannel),
        }
    }
}
