//! Events are for ever. Every kind that was ever written has a golden file in `fixtures/events`, as
//! the bytes that were stored, and whole lives are replayed from theirs.
//!
//! **A new kind:** seal one, and store its bytes in `fixtures/events/<request or ledger>/<kind>.json`.
//! **Never change a golden file:** what it holds lies in somebody's store.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kari_domain::audit::{AuditEvent, ChainFault, Envelope, Head, parse, verify};
use kari_domain::ledger::{self, Ledger, LedgerEvent};
use kari_domain::request::{self, AccessRequest, RequestEvent, Unreplayable};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn files(folder: &str, extension: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(fixtures().join("events").join(folder)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let chosen = paths.filter(|path| path.extension().is_some_and(|found| found == extension));
    chosen
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// Every kind the type knows: what it would have expected instead of an unknown one.
fn kinds<E: AuditEvent + std::fmt::Debug>() -> BTreeSet<String> {
    let error = serde_json::from_str::<E>(r#"{"kind":"?","data":{}}"#).unwrap_err().to_string();
    let (_, expected) = error.split_once("expected one of ").expect("the kinds are listed");
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn envelope(bytes: &str) -> Envelope {
    serde_json::from_str(bytes).expect("an envelope")
}

fn every_kind_is_read<E: AuditEvent + std::fmt::Debug>(folder: &str) {
    let golden = files(folder, "json");
    assert_eq!(
        golden.keys().cloned().collect::<BTreeSet<_>>(),
        kinds::<E>(),
        "one golden file for each kind"
    );
    let read = |(kind, bytes): (&String, &String)| {
        let envelope = envelope(bytes.trim_end());
        assert_eq!(&envelope.kind, kind);
        let event = parse::<E>(&envelope).expect("a golden event is read");
        format!("{event:?}")
    };
    let read: Vec<_> = golden.iter().map(read).collect();
    insta::assert_snapshot!(format!("{folder}_events_as_they_are_read"), read.join("\n\n"));
}

#[test]
fn every_kind_of_event_of_a_request_has_a_golden_file_and_is_read_as_it_was_meant() {
    every_kind_is_read::<RequestEvent>("request");
}

#[test]
fn every_kind_of_event_of_a_ledger_has_a_golden_file_and_is_read_as_it_was_meant() {
    every_kind_is_read::<LedgerEvent>("ledger");
}

fn lives(of: &str) -> BTreeMap<String, Vec<String>> {
    let all = files("lives", "jsonl").into_iter().filter(|(name, _)| name.starts_with(of));
    let lives: BTreeMap<_, _> =
        all.map(|(name, text)| (name, text.lines().map(str::to_owned).collect())).collect();
    assert!(lives.len() > 2, "there are golden lives");
    lives
}

/// What the store does: each event out of its envelope, then all of them in order.
fn replay_request(stored: &[String]) -> Result<AccessRequest, Unreplayable> {
    let read = |bytes: &String| {
        let envelope = envelope(bytes);
        Ok((envelope.at, parse::<RequestEvent>(&envelope)?))
    };
    let events: Vec<_> = stored.iter().map(read).collect::<Result<_, Unreplayable>>()?;
    request::replay(events.iter().map(|(at, event)| (*at, event)))
}

#[test]
fn every_golden_life_of_a_request_replays_to_the_same_state() {
    for (name, stored) in lives("request") {
        insta::assert_json_snapshot!(name, replay_request(&stored).expect("it can be replayed"));
    }
}

#[test]
fn every_golden_life_of_a_ledger_replays_through_the_state_items_that_were_stored() {
    let items = fs::read_to_string(fixtures().join("ledger-items.jsonl")).unwrap();
    let mut items = items.lines();
    for (name, stored) in lives("ledger") {
        let mut state = Ledger::default();
        for envelope in stored.iter().map(|bytes| envelope(bytes)) {
            let event = parse::<LedgerEvent>(&envelope).unwrap();
            state = ledger::evolve(state, envelope.at, &event).expect("it can follow");
            let item = items.next().expect("an item for each event");
            let stored: Ledger = serde_json::from_str(item).expect("a state item");
            assert_eq!(stored, as_it_was_stored(&state, item), "{name} after {}", envelope.sequence);
        }
    }
    assert_eq!(items.next(), None);
}

/// The state without what was not stored yet when this item was.
fn as_it_was_stored(state: &Ledger, item: &str) -> Ledger {
    let stored: serde_json::Map<String, serde_json::Value> = serde_json::from_str(item).unwrap();
    let mut fields = serde_json::to_value(state).unwrap();
    fields.as_object_mut().unwrap().retain(|field, _| stored.contains_key(field));
    serde_json::from_value(fields).unwrap()
}

fn heads() -> BTreeMap<String, Head> {
    serde_json::from_str(&files("lives", "json")["heads"]).unwrap()
}

fn check(name: &str, stored: &[String]) -> Result<(), ChainFault> {
    let stream = envelope(&stored[0]).stream;
    verify(&stream, stored.iter().map(String::as_str), &heads()[name])
}

#[test]
fn every_golden_life_is_a_sound_chain() {
    for (name, stored) in lives("") {
        assert_eq!(check(&name, &stored), Ok(()), "{name}");
    }
}

#[test]
fn a_golden_life_with_any_one_event_altered_is_not_sound_any_more() {
    for (name, stored) in lives("") {
        for place in 0..stored.len() {
            let mut forged = stored.clone();
            forged[place] = forged[place].replace("\"at\":\"2026", "\"at\":\"2025");
            assert_ne!(forged[place], stored[place]);
            assert!(check(&name, &forged).is_err(), "{name}, event {place}");
        }
    }
}

#[test]
fn an_event_of_an_unknown_kind_or_a_newer_version_parks_the_request() {
    let sound = &lives("request")["request-reviewed"];
    let changed = |change: fn(&mut Envelope)| {
        let mut stored = sound.clone();
        let mut envelope = envelope(&stored[1]);
        change(&mut envelope);
        stored[1] = serde_json::to_string(&envelope).unwrap();
        replay_request(&stored).expect_err("it cannot be replayed")
    };
    let unknown = changed(|envelope| "teleported".clone_into(&mut envelope.kind));
    assert!(matches!(&unknown, Unreplayable::Unknown(event) if event.kind == "teleported"), "{unknown}");
    let newer = changed(|envelope| envelope.version = 2);
    assert_eq!(
        newer.to_string(),
        "event reviewed (version 2) cannot be read: its version is newer than this program"
    );
    let damaged = changed(|envelope| envelope.data = serde_json::Value::Null);
    assert!(matches!(damaged, Unreplayable::Unknown(_)), "{damaged}");
}

#[test]
fn an_event_that_cannot_follow_parks_the_request() {
    let stored = &lives("request")["request-reviewed"];
    let without_approval: Vec<_> =
        stored.iter().filter(|bytes| envelope(bytes).kind != "approved").cloned().collect();
    let error = replay_request(&without_approval).expect_err("it cannot be replayed");
    assert_eq!(error.to_string(), "activation-started cannot follow in state pending");
}

#[test]
fn fields_that_are_added_later_do_not_keep_an_event_from_being_read() {
    let mut envelope = envelope(&lives("request")["request-reviewed"][0]);
    envelope.data["added_later"] = "something".into();
    assert!(parse::<RequestEvent>(&envelope).is_ok());
}
