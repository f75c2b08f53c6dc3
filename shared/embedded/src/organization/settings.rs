//! The settings part of the file; what is not given stays as it is.

use kari_domain::settings::{Channels, Settings};
use kari_domain::time::Minutes;
use toml::Spanned;

use super::Fault;
use super::draft::Draft;
use super::duration::Length;
use super::file::{self, Channel};

pub(super) fn build(draft: &mut Draft, raw: Option<&Spanned<file::Settings>>, usual: &Settings) -> Settings {
    let Some(raw) = raw else {
        return usual.clone();
    };
    let settings = read(raw.get_ref(), usual);
    if let Err(error) = settings.check() {
        draft.report(raw.span(), Fault::Setting(error.to_string()));
    }
    settings
}

fn read(raw: &file::Settings, usual: &Settings) -> Settings {
    let or = |given: Option<Length>, usual: Minutes| given.map_or(usual, |length| length.0);
    Settings {
        requests_accepted: raw.requests_accepted.unwrap_or(usual.requests_accepted),
        maximum_duration_minutes: or(raw.maximum_duration, usual.maximum_duration_minutes),
        pending_lapses_after_minutes: or(raw.pending_lapses_after, usual.pending_lapses_after_minutes),
        justification_required: raw.justification_required.unwrap_or(usual.justification_required),
        ticket_required: raw.ticket_required.unwrap_or(usual.ticket_required),
        expiry_warning_minutes: or(raw.expiry_warning, usual.expiry_warning_minutes),
        channels: raw.channels.as_deref().map_or(usual.channels, channels),
        slack_audit_channel: raw.slack_audit_channel.clone().or_else(|| usual.slack_audit_channel.clone()),
        slack_channel: raw.slack_channel.clone().or_else(|| usual.slack_channel.clone()),
        slack_language: raw.slack_language.unwrap_or(usual.slack_language),
        slack_linked_only: raw.slack_linked_only.unwrap_or(usual.slack_linked_only),
    }
}

fn channels(named: &[Channel]) -> Channels {
    let on = |channel: Channel| named.contains(&channel);
    Channels { slack: on(Channel::Slack), sns: on(Channel::Sns), email: on(Channel::Email) }
}
