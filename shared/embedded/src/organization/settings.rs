//! The settings part of the file; what is not given is as the product's defaults say.

use kari_domain::settings::{Channels, Settings};
use kari_domain::time::Minutes;
use toml::Spanned;

use super::Fault;
use super::draft::Draft;
use super::duration::Length;
use super::file::{self, Channel};

pub(super) fn build(draft: &mut Draft, raw: Option<&Spanned<file::Settings>>) -> Settings {
    let Some(raw) = raw else {
        return Settings::default();
    };
    let settings = read(raw.get_ref());
    if let Err(error) = settings.check() {
        draft.report(raw.span(), Fault::Setting(error.to_string()));
    }
    settings
}

fn read(raw: &file::Settings) -> Settings {
    let default = Settings::default();
    let or = |given: Option<Length>, default: Minutes| given.map_or(default, |length| length.0);
    let on = |channel: Channel| raw.channels.contains(&channel);
    Settings {
        maximum_duration_minutes: or(raw.maximum_duration, default.maximum_duration_minutes),
        pending_lapses_after_minutes: or(raw.pending_lapses_after, default.pending_lapses_after_minutes),
        justification_required: raw.justification_required.unwrap_or(default.justification_required),
        ticket_required: raw.ticket_required.unwrap_or(default.ticket_required),
        expiry_warning_minutes: or(raw.expiry_warning, default.expiry_warning_minutes),
        channels: Channels { slack: on(Channel::Slack), sns: on(Channel::Sns), email: on(Channel::Email) },
        slack_audit_channel: raw.slack_audit_channel.clone(),
    }
}
