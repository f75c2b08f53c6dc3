//! Every text that people read in messages, in every language that Kari speaks. What stands in braces is
//! filled in; a test holds the languages against each other.

mod en;
mod ja;

use kari_domain::ledger::TroubleCode;
use kari_domain::settings::Language;

macro_rules! texts {
    ($($name:ident,)+) => {
        /// The texts of one language.
        #[derive(Debug)]
        pub struct Texts {
            /// The words for what keeps something from succeeding.
            pub trouble: fn(TroubleCode) -> &'static str,
            $(pub $name: &'static str,)+
        }

        impl Texts {
            /// Every text by its name.
            #[cfg(test)]
            fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)+]
            }
        }
    };
}

texts! {
    asks_for, asks_for_many, labelled, requester, account, accounts, place, begins, begins_at_once, ends,
    ends_after, open_sessions, open_sessions_after, open_sessions_until, reason, no_reason, ticket, approvals, approval,
    approval_in_portal, told, approve, deny, details, approve_all, deny_all, choose, end_now, ask_again, open_console,
    confirm_title, confirm_end, cancel, list_separator, people_separator,
    waits, approved_by, approved_by_policy, begins_later, prepared, being_set_up, active, being_ended, ending_expired,
    ending_revoked, ending_removed, ending_disabled, ending_drained, ending_failed, overdue, blocked, denied,
    withdrawn, lapsed, failed, not_set_up, expired, revoked, removed, requester_disabled, drained, ended_unbegun, held_by_another,
    pre_existing, sessions_may_last, comment, in_batch,
    no_longer_eligible, approval_now_needed, joined_too_long, not_in_time,
    short_pending, short_approved, short_activating, short_active, short_ending, short_denied, short_withdrawn,
    short_lapsed, short_failed, short_expired, short_revoked, short_unbegun, more_in_batch,
    letter_received, letter_approved, letter_denied, letter_withdrawn, letter_lapsed, letter_active, letter_expiring,
    letter_failed, letter_expired, letter_revoked, letter_overdue, letter_blocked, letter_blocked_own, letter_policies, letter_attention,
    letter_directory, letter_drift, letter_unreadable, letter_remind, letter_remind_several, letter_review, what_on, what_for, cli,
    in_portal, kept_elsewhere,
    digest, digest_active, digest_more,
    audit_line, audit_other, by_system, by_stranger, said_requested, said_approved, said_denied, said_met, said_by_policy, said_activation_started,
    said_activated, said_expiry_warned, said_revocation_requested, said_end_started, said_end_blocked,
    said_removal_overdue, said_closed, said_holder_joined, said_holder_left, said_creation_started, said_found_present,
    said_creation_accepted, said_creation_failed, said_presence_observed, said_vanishing_observed, said_released,
    said_removal_started, said_removal_accepted, said_removal_failed, said_trouble_noted, said_absence_observed,
    said_absence_confirmed, said_absence_proven, said_watch_ended, said_drift_found, said_drift_gone,
    said_policy_created, said_policy_changed, said_policy_deleted, said_settings_changed, said_finding_noted,
    said_finding_gone, said_attempt_refused, said_more_not_recorded, said_undeliverable, said_linked, said_unlinked,
    said_other,
    minutes, hours, hours_and_minutes, days,
}

/// The texts of a language.
pub fn texts(language: Language) -> &'static Texts {
    match language {
        Language::En => &en::TEXTS,
        Language::Ja => &ja::TEXTS,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect()
    }

    #[test]
    fn every_text_is_there_in_every_language_with_the_same_places_to_fill_in() {
        let (en, ja) = (texts(Language::En).all(), texts(Language::Ja).all());
        for ((name, en), (_, ja)) in en.into_iter().zip(ja) {
            assert!(!en.is_empty() && !ja.is_empty(), "{name}");
            assert_eq!(places(en), places(ja), "{name}");
        }
    }

    #[test]
    fn japanese_is_japanese() {
        for (name, ja) in texts(Language::Ja).all() {
            let outside: String = ja.split(['{', '}']).step_by(2).collect();
            let words = outside.chars().filter(|c| c.is_alphabetic()).collect::<Vec<_>>();
            assert!(words.is_empty() || words.iter().any(|c| !c.is_ascii()), "{name}");
        }
    }
}
