//! The one table, and how everything lies in it.
//!
//! | what | `pk` | `sk` |
//! |---|---|---|
//! | an event | the group of its stream | `event#<stream>#<sequence, 10 digits>` |
//! | where a stream ends, and its state item | the group of the key | `state#<key>` |
//! | a uniqueness claim | `claim#<key>` | `claim` |
//! | a part of a document | `document#<name>` | `part#<version>#<number>` |
//! | which parts are the document | `document#<name>` | `current` |
//! | the queue of calls to Identity Center | `limiter` | `limiter` |
//! | what a channel remembers of what it delivered | `notes#<group>` | `note#<key>` |
//!
//! The *group* of a key is its first two segments, such as `request/<id>` or `assignment/<account>`; the
//! whole policy set is one group, `policies`, because it is read at once. What decisions rest on is read from the table itself, strongly
//! consistently: one stream, one item, one group of items. An event also has the hash of its bytes.
//!
//! | index | partition | sort | holds |
//! |---|---|---|---|
//! | `due` | `due_shard` | `due_at` | state items that are due some time, keys only |
//! | `items` | `list_items` | `sk` | all state items, keys only: written when one comes or goes |
//! | `all` | `list_all` | `place` | all events; all requests |
//! | `who` | `list_who` | `place` | events of an actor; requests of a requester |
//! | `what` | `list_what` | `place` | events of a kind; requests pending, under way, or closed |
//! | `where` | `list_where` | `place` | events of a group of streams; requests for an account |
//!
//! Indexes may be late; no decision reads one. A `place` is an instant and what tells equal instants
//! apart, so that a list is read backwards from any place in it.

use chrono::DateTime;
use kari_application::policy_storage::PREFIX;
use kari_application::ports::ItemKey;
use kari_domain::audit::StreamId;
use kari_domain::ids::RequestId;
use kari_domain::request::RequestState;
use kari_domain::time::Instant;
use sha2::{Digest, Sha256};

pub const PK: &str = "pk";
pub const SK: &str = "sk";

/// Over how many partitions what is due is spread.
pub const DUE_SHARDS: u8 = 4;
pub const DUE: Index = Index { name: "due", partition: "due_shard", sort: "due_at" };
pub const ITEMS: Index = Index { name: "items", partition: "list_items", sort: SK };
pub const ALL: Index = Index { name: "all", partition: "list_all", sort: PLACE };
pub const WHO: Index = Index { name: "who", partition: "list_who", sort: PLACE };
pub const WHAT: Index = Index { name: "what", partition: "list_what", sort: PLACE };
pub const WHERE: Index = Index { name: "where", partition: "list_where", sort: PLACE };
pub const PLACE: &str = "place";
/// What the table removes by itself some time after this instant, in seconds since the epoch. Nothing
/// rests on whether it did.
pub const TIME_TO_LIVE: &str = "expires";

pub(crate) const EVERY_EVENT: &str = "events";
pub(crate) const EVERY_REQUEST: &str = "requests";
pub(crate) const EVERY_ITEM: &str = "items";

/// A global secondary index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    pub name: &'static str,
    pub partition: &'static str,
    pub sort: &'static str,
}

/// The primary key of one row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RowKey {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

/// The first two segments of a key; the whole policy set is one group.
pub(crate) fn group(key: &str) -> &str {
    if key == PREFIX || key.strip_prefix(PREFIX).is_some_and(|rest| rest.starts_with('/')) {
        return PREFIX;
    }
    let second = key.match_indices('/').nth(1);
    second.map_or(key, |(end, _)| key.get(..end).unwrap_or(key))
}

/// The group that every key beginning with this prefix is of, if it is one. No key of anything else begins
/// as those of the policy set do.
pub(crate) fn group_of_prefix(prefix: &str) -> Option<&str> {
    let group = group(prefix);
    (group == PREFIX || group.len() < prefix.len()).then_some(group)
}

const STATE: &str = "state#";

pub(crate) fn state(key: &str) -> RowKey {
    RowKey { pk: group(key).to_owned(), sk: format!("{STATE}{key}") }
}

/// The key of the item in the row with this sort key.
pub(crate) fn key_of_state(sk: &str) -> Option<ItemKey> {
    sk.strip_prefix(STATE).map(|key| ItemKey(key.to_owned()))
}

pub(crate) fn event(stream: &StreamId, sequence: u64) -> RowKey {
    let stream = stream.as_str();
    RowKey { pk: group(stream).to_owned(), sk: format!("event#{stream}#{sequence:010}") }
}

/// Where the events of a stream begin, and behind which sort key none of them lies.
pub(crate) fn events(stream: &StreamId) -> (RowKey, String) {
    (event(stream, 0), event(stream, 9_999_999_999).sk)
}

/// The place in its stream of the event in the row with this sort key.
pub(crate) fn sequence(sk: &str) -> Option<u64> {
    sk.rsplit_once('#')?.1.parse().ok()
}

const CLAIM: &str = "claim#";

pub(crate) fn claim(key: &str) -> RowKey {
    RowKey { pk: format!("{CLAIM}{key}"), sk: "claim".to_owned() }
}

/// The key of the claim in the row with this partition key.
pub(crate) fn key_of_claim(pk: &str) -> Option<&str> {
    pk.strip_prefix(CLAIM)
}

pub(crate) fn document(name: &str) -> RowKey {
    RowKey { pk: format!("document#{name}"), sk: "current".to_owned() }
}

pub(crate) fn document_part(name: &str, version: u64, number: usize) -> RowKey {
    RowKey { pk: format!("document#{name}"), sk: format!("part#{version:016}#{number:04}") }
}

/// The version that the row with this sort key is a part of.
pub(crate) fn version_of_part(sk: &str) -> Option<u64> {
    sk.split('#').nth(1)?.parse().ok()
}

pub(crate) fn limiter() -> RowKey {
    RowKey { pk: "limiter".to_owned(), sk: "limiter".to_owned() }
}

pub(crate) fn notes(group: &str) -> String {
    format!("notes#{group}")
}

const NOTE: &str = "note#";

pub(crate) fn note(group: &str, key: &str) -> RowKey {
    RowKey { pk: notes(group), sk: format!("{NOTE}{key}") }
}

/// The key of the note in the row with this sort key.
pub(crate) fn key_of_note(sk: &str) -> Option<String> {
    sk.strip_prefix(NOTE).map(str::to_owned)
}

/// An instant as text that sorts as time does: nanoseconds since the epoch. What is centuries away is
/// as far as can be told.
pub(crate) fn instant(at: Instant) -> String {
    let furthest = if at < Instant::UNIX_EPOCH { 0 } else { i64::MAX };
    format!("{:019}", at.timestamp_nanos_opt().unwrap_or(furthest).max(0))
}

/// The instant at the beginning of a place.
pub(crate) fn instant_of(text: &str) -> Option<Instant> {
    let digits = text.split('#').next()?;
    digits.parse().ok().map(DateTime::from_timestamp_nanos)
}

pub(crate) fn due_at(at: Instant, key: &str) -> String {
    format!("{}#{key}", instant(at))
}

/// The text before which everything lies that is due at this instant.
pub(crate) fn just_after(at: Instant) -> String {
    // The character behind the one that follows the digits.
    format!("{}$", instant(at))
}

pub(crate) fn due_shard(key: &str) -> u8 {
    Sha256::digest(key).first().copied().unwrap_or_default() % DUE_SHARDS
}

pub(crate) fn event_place(at: Instant, stream: &StreamId, sequence: u64) -> String {
    format!("{}#{stream}#{sequence:010}", instant(at))
}

pub(crate) fn request_place(submitted_at: Instant, id: RequestId) -> String {
    format!("{}#{id}", instant(submitted_at))
}

pub(crate) fn actor(id: impl std::fmt::Display) -> String {
    format!("actor#{id}")
}

pub(crate) fn requester(id: impl std::fmt::Display) -> String {
    format!("requester#{id}")
}

pub(crate) fn kind(kind: &str) -> String {
    format!("kind#{kind}")
}

pub(crate) fn account(id: impl std::fmt::Display) -> String {
    format!("account#{id}")
}

pub(crate) fn streams(group: &str) -> String {
    format!("streams#{group}")
}

/// Requests are listed by what one looks for: those to be reviewed, those under way, those over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Phase {
    pub(crate) partition: &'static str,
    /// All that the requests in it may be. What was never submitted is not listed.
    pub(crate) states: &'static [RequestState],
}

const TO_REVIEW: Phase = Phase { partition: "phase#pending", states: &[RequestState::Pending] };
const UNDER_WAY: Phase = Phase {
    partition: "phase#under-way",
    states: &[RequestState::Approved, RequestState::Activating, RequestState::Active, RequestState::Ending],
};
const OVER: Phase = Phase { partition: "phase#closed", states: &[RequestState::Closed] };

pub(crate) fn phase(state: RequestState) -> Phase {
    match state {
        RequestState::Pending => TO_REVIEW,
        RequestState::Approved | RequestState::Activating | RequestState::Active | RequestState::Ending => {
            UNDER_WAY
        }
        RequestState::Absent | RequestState::Closed => OVER,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_group_is_the_first_two_segments_of_a_key_or_the_policy_set() {
        for (key, expected) in [
            ("policies", "policies"),
            ("policies/eligibility/on-call", "policies"),
            ("policies/what-comes-later", "policies"),
            ("request/1", "request/1"),
            ("assignment/111122223333/u-1/arn:aws:sso:::permissionSet/a/b", "assignment/111122223333"),
        ] {
            assert_eq!(group(key), expected, "{key}");
        }
    }

    #[test]
    fn a_prefix_is_of_one_group_from_its_second_slash_on() {
        for (prefix, expected) in [
            ("assignment/111122223333/", Some("assignment/111122223333")),
            ("policies", Some("policies")),
            ("policies/eligibility/on", Some("policies")),
            ("assignment/111122223333", None),
            ("request/", None),
            ("", None),
        ] {
            assert_eq!(group_of_prefix(prefix), expected, "{prefix}");
        }
    }

    #[test]
    fn instants_sort_as_text_as_they_do_in_time() {
        let now = Instant::UNIX_EPOCH + TimeDelta::days(20_000);
        let instants =
            [Instant::MIN_UTC, Instant::UNIX_EPOCH, now, now + TimeDelta::nanoseconds(1), Instant::MAX_UTC];
        assert!(instants.map(instant).is_sorted());
        assert_eq!(instant_of(&due_at(now, "a#b")), Some(now));
    }

    #[test]
    fn what_is_due_at_an_instant_lies_before_what_comes_just_after_it() {
        let now = Instant::UNIX_EPOCH + TimeDelta::days(20_000);
        for key in ["a", "~", "あ", ""] {
            assert!(due_at(now, key) < just_after(now), "{key}");
        }
        assert!(due_at(now + TimeDelta::nanoseconds(1), "") > just_after(now));
    }

    #[test]
    fn rights_that_are_confined_to_some_keys_rest_on_how_they_begin() {
        const TEMPLATE: &str = include_str!("../../../../infra/template.yaml");
        let findings = StreamId::findings();
        assert_eq!(claim("a/b").pk, "claim#a/b");
        for name in ["directory", "policies"] {
            let kept = [document(name).pk, document_part(name, 1, 0).pk];
            assert_eq!(kept, [format!("document#{name}"), format!("document#{name}")]);
        }
        assert_eq!(event(&findings, 1).pk, "findings");
        assert_eq!(state(findings.as_str()).pk, "findings");
        assert_eq!(state(StreamId::policies().as_str()).pk, "policies");
        // What whoever tells people remembers, and records about a channel.
        for channel in ["sns", "email"] {
            let (stream, key) =
                (StreamId::channel(channel), format!("undeliverable/{channel}/somebody/code"));
            assert_eq!(
                [event(&stream, 1).pk, state(stream.as_str()).pk],
                [stream.as_str(); 2].map(str::to_owned)
            );
            assert_eq!(claim(&key).pk, format!("claim#{key}"));
        }
        assert_eq!(notes("sns/request/1"), "notes#sns/request/1");
        assert_eq!(limiter().pk, "limiter");
        for keys in [
            r#"["claim#*", "document#directory", findings]"#,
            r#"["document#directory"]"#,
            r#"["document#policies"]"#,
            r#"["claim#*"]"#,
            "[policies]",
            r#"["document#*", limiter]"#,
            r#"["document#*"]"#,
            r#"["notes#*"]"#,
            r#"[channels/email, channels/sns, "claim#undeliverable/*"]"#,
        ] {
            assert!(TEMPLATE.contains(&format!("dynamodb:LeadingKeys: {keys}")), "{keys}");
        }
    }

    #[test]
    fn the_key_of_an_item_leads_back_from_its_row() {
        assert_eq!(key_of_state(&state("request/1").sk), Some(ItemKey("request/1".to_owned())));
        assert_eq!(key_of_state("event#request/1#1"), None);
    }

    #[test]
    fn the_version_of_a_document_leads_back_from_its_parts() {
        assert_eq!(version_of_part(&document_part("directory", 33_554_433, 7).sk), Some(33_554_433));
        assert_eq!(version_of_part(&document("directory").sk), None);
    }
}
