use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Actor, AuditEvent, Cause, ChainFault, Envelope, Head, SealedEvent, Stamp, StreamId, SystemReason, parse,
    seal, verify,
};
use crate::ids::{AppendId, RequestId};
use crate::request::tests::sample::{minute, submission, user};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
enum Fact {
    Said { words: String },
    Left {},
}

impl AuditEvent for Fact {
    fn version(&self) -> u16 {
        match self {
            Self::Said { .. } => 3,
            Self::Left {} => 1,
        }
    }
}

fn said(words: &str) -> Fact {
    Fact::Said { words: words.to_owned() }
}

fn stream() -> StreamId {
    StreamId::policies()
}

fn stamp() -> Stamp {
    Stamp {
        append: AppendId(uuid::Uuid::from_u128(7)),
        at: minute(0),
        actor: Actor::User { id: user("alice"), label: "Alice".to_owned() },
        cause: Cause::Api,
    }
}

fn sealed(head: &Head, facts: &[Fact]) -> (Vec<SealedEvent>, Head) {
    seal(&stream(), head, facts, &stamp()).unwrap()
}

fn envelope(bytes: &str) -> Envelope {
    serde_json::from_str(bytes).unwrap()
}

fn bytes(sealed: &[SealedEvent]) -> Vec<&str> {
    sealed.iter().map(|event| event.bytes.as_str()).collect()
}

#[test]
fn an_envelope_says_who_did_what_when_and_where() {
    let (sealed, _) = sealed(&Head::empty(), &[said("a")]);
    let expected = serde_json::json!({
        "stream": "policies", "sequence": 1, "at": "2026-03-02T09:00:00Z",
        "actor": {"type": "user", "id": "alice", "label": "Alice"}, "cause": "api",
        "append": "00000000-0000-0000-0000-000000000007",
        "kind": "said", "version": 3, "data": {"words": "a"}, "previous": "0".repeat(64),
    });
    assert_eq!(serde_json::from_str::<Value>(&sealed[0].bytes).unwrap(), expected);
}

#[test]
fn a_hash_is_the_sha_256_of_the_stored_bytes() {
    let head = Head::empty().after("abc");
    assert_eq!(head.version, 1);
    assert_eq!(head.hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn a_chain_goes_on_over_several_appends() {
    let (first, head) = sealed(&Head::empty(), &[said("a"), Fact::Left {}]);
    let (second, end) = sealed(&head, &[said("b")]);
    let sequences: Vec<_> = first.iter().chain(&second).map(|event| event.sequence).collect();
    assert_eq!((sequences, end.version), (vec![1, 2, 3], 3));
    assert_eq!(envelope(&second[0].bytes).previous, head.hash);
    let all = bytes(&first).into_iter().chain(bytes(&second));
    assert_eq!(verify(&stream(), all, &end), Ok(()));
}

#[test]
fn what_is_sealed_reads_back() {
    let facts = [said("a"), Fact::Left {}];
    let (sealed, _) = sealed(&Head::empty(), &facts);
    for (fact, event) in facts.iter().zip(&sealed) {
        assert_eq!(parse::<Fact>(&envelope(&event.bytes)).as_ref(), Ok(fact));
    }
}

#[test]
fn older_versions_are_read_and_newer_ones_are_not() {
    let (sealed, _) = sealed(&Head::empty(), &[said("a")]);
    for (version, readable) in [(1, true), (3, true), (4, false)] {
        let envelope = Envelope { version, ..envelope(&sealed[0].bytes) };
        assert_eq!(parse::<Fact>(&envelope).is_ok(), readable, "version {version}");
    }
}

#[test]
fn a_kind_that_never_changed_its_meaning_is_of_version_one() {
    #[derive(Serialize, Deserialize)]
    #[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
    enum Plain {
        Happened {},
    }
    impl AuditEvent for Plain {}
    let (sealed, _) = seal(&stream(), &Head::empty(), &[Plain::Happened {}], &stamp()).unwrap();
    assert_eq!(envelope(&sealed[0].bytes).version, 1);
}

#[test]
fn a_fault_in_a_chain_is_told_with_its_place() {
    let (events, head) = sealed(&Head::empty(), &[said("a"), said("b"), said("c")]);
    let sound = bytes(&events);
    let check = |stored: &[&str], head: &Head| verify(&stream(), stored.iter().copied(), head).unwrap_err();
    let shorter = Head { version: 2, hash: envelope(sound[2]).previous };

    let missing = check(&[sound[0], sound[2]], &head);
    assert_eq!(missing, ChainFault::OutOfSequence { stream: stream(), sequence: 2, found: 3 });
    let cut = check(&sound[..2], &head);
    assert_eq!(cut, ChainFault::WrongEnd { stream: stream(), expected: 3, found: 2 });
    let added = check(&sound, &shorter);
    assert_eq!(added, ChainFault::WrongEnd { stream: stream(), expected: 2, found: 3 });
    let altered = sound[0].replace("\"a\"", "\"z\"");
    let found = check(&[&altered, sound[1], sound[2]], &head);
    assert_eq!(found, ChainFault::Altered { stream: stream(), sequence: 2 });
    let last = sound[2].replace("\"c\"", "\"z\"");
    let found = check(&[sound[0], sound[1], &last], &head);
    assert_eq!(found, ChainFault::WrongEnd { stream: stream(), expected: 3, found: 3 });
    let unreadable = check(&[sound[0], "{}"], &head);
    assert!(matches!(unreadable, ChainFault::Unreadable { sequence: 2, .. }), "{unreadable}");
}

#[test]
fn streams_have_names_that_lead_back_to_what_they_are_of() {
    let id = RequestId(uuid::Uuid::from_u128(1));
    let request = StreamId::request(id);
    assert_eq!(request.as_str(), "request/00000000-0000-0000-0000-000000000001");
    assert_eq!((request.as_request(), request.as_tuple()), (Some(id), None));
    assert_eq!(request, StreamId::from_stored(request.to_string()));
    assert_eq!(format!("{request:?}"), request.as_str());

    let ledger = StreamId::ledger(&submission().tuple());
    let name = "assignment/111122223333/alice/arn:aws:sso:::permissionSet/ssoins-1/ps-admin";
    assert_eq!(ledger.as_str(), name);
    assert_eq!(ledger.as_tuple(), Some(submission().tuple()));

    assert_eq!(StreamId::policies().as_str(), "policies");
    assert_eq!(StreamId::attempts(&user("alice"), minute(0)).as_str(), "attempts/alice/2026-03-02");
    assert_eq!(StreamId::strangers("slack", minute(0)).as_str(), "attempts/strangers/slack/2026-03-02");
    for other in ["policies", "request/one", "assignment/1/alice/ps", "attempts/alice/2026-03-02"] {
        let stream = StreamId::from_stored(other.to_owned());
        assert_eq!((stream.as_request(), stream.as_tuple()), (None, None), "{other}");
    }
}

#[test]
fn an_actor_is_a_person_or_the_system_with_a_reason() {
    assert_eq!(stamp().actor.user(), Some(&user("alice")));
    assert_eq!(Actor::System { reason: SystemReason::Clock }.user(), None);
    assert_eq!(Actor::Operator { label: "arn".to_owned() }.user(), None);
    assert_eq!(Actor::Stranger { account: "slack/T1/U1".to_owned() }.user(), None);
}

#[test]
fn operators_with_a_name_and_strangers_are_recorded_as_the_system_and_a_name_and_everybody_else_as_ever() {
    let arn = "arn:aws:sts::111122223333:assumed-role/Operators/alice";
    let operator = Actor::Operator { label: arn.to_owned() };
    let named = format!(r#"{{"type":"system","reason":"operator","label":"{arn}"}}"#);
    for (actor, stored) in [
        (operator, named.as_str()),
        (
            Actor::Stranger { account: "slack/T1/U1".to_owned() },
            r#"{"type":"system","reason":"channel","label":"slack/T1/U1"}"#,
        ),
        (Actor::System { reason: SystemReason::Channel }, r#"{"type":"system","reason":"channel"}"#),
        (Actor::System { reason: SystemReason::Operator }, r#"{"type":"system","reason":"operator"}"#),
        (Actor::System { reason: SystemReason::Clock }, r#"{"type":"system","reason":"clock"}"#),
        (stamp().actor, r#"{"type":"user","id":"alice","label":"Alice"}"#),
    ] {
        assert_eq!(serde_json::to_string(&actor).unwrap(), stored);
        assert_eq!(serde_json::from_str::<Actor>(stored).unwrap(), actor);
    }
    // Nobody else has a name of this kind.
    let odd = serde_json::from_str::<Actor>(r#"{"type":"system","reason":"clock","label":"x"}"#);
    assert_eq!(odd.unwrap(), Actor::System { reason: SystemReason::Clock });
}
