//! What an administrator may set without a deployment. Versioned together with the policies,
//! because decisions depend on both.

use serde::{Deserialize, Deserializer, Serialize};

use crate::ids::SlackChannel;
use crate::time::{Minutes, SHORTEST_GRANT};

/// The settings of one deployment. NB. One of a later version is refused, as with policies, and not passed over:
/// whoever changes another one writes them all, and would take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is set by itself")]
pub struct Settings {
    /// Whether anybody may ask for anything. While not, nothing begins, whatever was approved. Not stored
    /// while it is so, as before there was this setting.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub requests_accepted: bool,
    /// No grant may be longer, whatever a policy says.
    pub maximum_duration_minutes: Minutes,
    /// A pending request lapses this long after its submission.
    pub pending_lapses_after_minutes: Minutes,
    pub justification_required: bool,
    pub ticket_required: bool,
    /// How long before its end the requester is warned. Windows under 30 minutes have no warning.
    pub expiry_warning_minutes: Minutes,
    pub channels: Channels,
    /// The Slack channel that is told of every event. What earlier versions stored here and is no channel is read as
    /// none: settings that were recorded can be read for ever.
    #[serde(default, deserialize_with = "channel_if_any")]
    pub slack_audit_channel: Option<SlackChannel>,
    /// The Slack channel in which requests are reviewed whose approver policy names none. Without one the
    /// reviewers are told one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slack_channel: Option<SlackChannel>,
    /// The language of what stands in a Slack channel, and of e-mail; in Slack, people alone are spoken to in theirs.
    #[serde(default, skip_serializing_if = "Language::is_usual")]
    pub slack_language: Language,
    /// Whether only those may do anything in Slack who linked their Slack account while they were signed in to the
    /// portal. Not stored while it is not so, as before there was this setting.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub slack_linked_only: bool,
}

/// A language that Kari speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    #[default]
    En,
    Ja,
}

impl Language {
    /// The language of a locale such as `ja-JP`; English where we do not speak it.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("ja") { Self::Ja } else { Self::En }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// Which channels notifications go to; each is on or off by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channels {
    pub slack: bool,
    pub sns: bool,
    pub email: bool,
}

fn yes() -> bool {
    true
}

fn channel_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SlackChannel>, D::Error> {
    let stored = Option::<String>::deserialize(deserializer)?;
    Ok(stored.and_then(|name| name.parse().ok()))
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            requests_accepted: true,
            maximum_duration_minutes: Minutes(24 * 60),
            pending_lapses_after_minutes: Minutes(8 * 60),
            justification_required: true,
            ticket_required: false,
            expiry_warning_minutes: Minutes(15),
            channels: Channels { slack: false, sns: false, email: false },
            slack_audit_channel: None,
            slack_channel: None,
            slack_language: Language::En,
            slack_linked_only: false,
        }
    }
}

/// A setting outside its range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} must be between {lowest} and {highest} minutes")]
pub struct OutOfRange {
    pub field: &'static str,
    pub lowest: u32,
    pub highest: u32,
}

impl Settings {
    /// Whether every value is in its range.
    ///
    /// # Errors
    /// [`OutOfRange`] for the first value that is not.
    pub fn check(&self) -> Result<(), OutOfRange> {
        let week = 7 * 24 * 60;
        within("maximum_duration_minutes", self.maximum_duration_minutes, SHORTEST_GRANT.0, week)?;
        within("pending_lapses_after_minutes", self.pending_lapses_after_minutes, 5, week)?;
        within("expiry_warning_minutes", self.expiry_warning_minutes, 1, 120)
    }
}

fn within(field: &'static str, value: Minutes, lowest: u32, highest: u32) -> Result<(), OutOfRange> {
    if (lowest..=highest).contains(&value.0) { Ok(()) } else { Err(OutOfRange { field, lowest, highest }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_before_there_was_this_one_accept_requests_and_are_stored_as_they_were() {
        let stored = serde_json::to_value(Settings::default()).unwrap();
        assert!(stored.get("requests_accepted").is_none());
        assert_eq!(serde_json::from_value::<Settings>(stored).unwrap(), Settings::default());
        let drained = Settings { requests_accepted: false, ..Settings::default() };
        let stored = serde_json::to_value(&drained).unwrap();
        assert_eq!(serde_json::from_value::<Settings>(stored).unwrap(), drained);
    }

    #[test]
    fn settings_of_before_there_was_a_slack_are_stored_as_they_were() {
        let stored = serde_json::to_value(Settings::default()).unwrap();
        assert!(stored.get("slack_channel").is_none() && stored.get("slack_language").is_none());
        let channel = "C0123456789".parse().unwrap();
        let set =
            Settings { slack_channel: Some(channel), slack_language: Language::Ja, ..Settings::default() };
        assert_eq!(serde_json::from_value::<Settings>(serde_json::to_value(&set).unwrap()).unwrap(), set);
    }

    #[test]
    fn a_setting_or_channel_of_a_later_version_is_not_passed_over() {
        let stored = serde_json::to_value(Settings::default()).unwrap();
        for place in ["/later", "/channels/later"] {
            let (mut later, (parent, name)) = (stored.clone(), place.rsplit_once('/').unwrap());
            later.pointer_mut(parent).unwrap()[name] = true.into();
            assert!(serde_json::from_value::<Settings>(later).is_err(), "{place}");
        }
    }

    #[test]
    fn an_audit_channel_is_stored_as_text_and_read_as_none_where_it_names_no_channel() {
        let stored = |channel: serde_json::Value| {
            let mut settings = serde_json::to_value(Settings::default()).unwrap();
            settings["slack_audit_channel"] = channel;
            settings
        };
        let read = |stored| serde_json::from_value::<Settings>(stored).unwrap();
        let kept = read(stored("C0123456789".into()));
        assert_eq!(kept.slack_audit_channel, Some("C0123456789".parse().unwrap()));
        assert_eq!(serde_json::to_value(&kept).unwrap(), stored("C0123456789".into()));
        assert_eq!(serde_json::to_value(Settings::default()).unwrap(), stored(serde_json::Value::Null));
        for none in [serde_json::Value::Null, "two words".into(), "".into()] {
            assert_eq!(read(stored(none)), Settings::default());
        }
    }

    #[test]
    fn a_locale_is_spoken_where_we_speak_it_and_otherwise_english_is() {
        for (locale, expected) in [
            ("ja-JP", Language::Ja),
            ("ja", Language::Ja),
            ("JA_jp", Language::Ja),
            ("en-GB", Language::En),
            ("jav", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(Language::of_locale(locale), expected, "{locale}");
        }
    }

    #[test]
    fn each_setting_has_its_range_and_both_bounds_are_in_it() {
        type Set = fn(&mut Settings, Minutes);
        let settings: [(Set, u32, u32); 3] = [
            (|settings, minutes| settings.maximum_duration_minutes = minutes, 15, 10_080),
            (|settings, minutes| settings.pending_lapses_after_minutes = minutes, 5, 10_080),
            (|settings, minutes| settings.expiry_warning_minutes = minutes, 1, 120),
        ];
        for (set, lowest, highest) in settings {
            let with = |minutes| {
                let mut settings = Settings::default();
                set(&mut settings, Minutes(minutes));
                settings.check()
            };
            assert_eq!((with(lowest), with(highest)), (Ok(()), Ok(())));
            for outside in [lowest - 1, highest + 1] {
                let problem = with(outside).expect_err("outside");
                assert_eq!((problem.lowest, problem.highest), (lowest, highest));
            }
        }
    }
}
