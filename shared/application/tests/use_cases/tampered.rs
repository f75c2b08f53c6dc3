//! State items that somebody changed behind Kari's back.

use chrono::TimeDelta;
use kari_application::advance::advance;
use kari_application::check_records::{
    ItemFault, PolicyFault, check_item, check_open, check_policies, check_policies_in_force, check_stream,
};
use kari_application::policy_storage::StoredPolicyItem;
use kari_application::ports::{
    Append, Clock, Item, ItemChange, ItemKey, NotificationKind, PageRequest, Recorded,
};
use kari_application::reconcile::{sweep, verify};
use kari_application::{load_ledger, load_request};
use kari_domain::audit::{Head, StreamId};
use kari_domain::ids::{AppendId, RequestId, Target, Tuple};
use kari_domain::time::Instant;
use kari_embedded::identity_center::Assignment;

use crate::town::{Town, account, set, user};

/// A town in which Ann has access that needed nobody's word.
pub(crate) struct Granted {
    pub(crate) town: Town,
    pub(crate) request: RequestId,
    pub(crate) tuple: Tuple,
}

pub(crate) fn granted() -> Granted {
    let town = Town::new();
    let place = account("sandbox", 0);
    let request = town.ask("ann", std::slice::from_ref(&place), &set(0)).remove(0);
    town.run(advance(&town.kari, request)).unwrap();
    let target = Target { account: place, permission_set: set(0) };
    let granted = Granted { town, request, tuple: Tuple { principal: user("ann"), target } };
    assert!(granted.has_access());
    granted
}

impl Granted {
    pub(crate) fn has_access(&self) -> bool {
        self.town.is_present(&Assignment::from(&self.tuple))
    }

    fn of_request(&self) -> StreamId {
        StreamId::request(self.request)
    }

    pub(crate) fn of_ledger(&self) -> StreamId {
        StreamId::ledger(&self.tuple)
    }

    fn recorded(&self, stream: &StreamId) -> Recorded {
        self.town.run(self.town.kari.store.recorded(stream)).unwrap()
    }

    pub(crate) fn item(&self, stream: &StreamId) -> Option<Item> {
        self.town.run(self.town.kari.store.item(&ItemKey::from(stream))).unwrap()
    }

    fn change(&self, item: ItemChange) {
        let kari = &self.town.kari;
        let append = Append {
            id: AppendId(kari.ids.fresh()),
            at: self.town.clock.now(),
            streams: vec![],
            unchanged: vec![],
            items: vec![item],
            claims: vec![],
        };
        self.town.run(kari.store.append(&append)).unwrap();
    }

    pub(crate) fn delete(&self, stream: &StreamId) {
        self.change(ItemChange::Delete(ItemKey::from(stream)));
    }

    pub(crate) fn edit(&self, stream: &StreamId, edit: impl FnOnce(Item) -> Item) {
        self.change(ItemChange::Put(edit(self.item(stream).unwrap())));
    }

    fn faults(&self, stream: &StreamId) -> Vec<ItemFault> {
        check_item(stream, &self.recorded(stream).events, self.item(stream).as_ref())
    }

    /// How often the administrator was told that this stream cannot be understood.
    pub(crate) fn alarms(&self, stream: &StreamId) -> usize {
        let page = PageRequest { limit: 200, after: None };
        let told = self.town.inbox.messages(&user("tom"), &page).unwrap().items;
        let unreadable = NotificationKind::RecordsUnreadable;
        told.iter().filter(|message| message.stream == *stream && message.kind == unreadable).count()
    }

    fn end_is_past(&self) {
        for _ in 0..4 {
            self.town.clock.advance_by(TimeDelta::minutes(31));
            let deadline = self.town.clock.now() + TimeDelta::minutes(10);
            self.town.run(sweep(&self.town.kari, deadline)).unwrap();
        }
    }
}

pub(crate) fn elsewhere(item: Item) -> Item {
    Item { head: Head { version: 1, hash: "f".repeat(64) }, ..item }
}

pub(crate) fn unreadable(item: Item) -> Item {
    Item { body: "{".to_owned(), ..item }
}

/// What may befall the item of a ledger.
pub(crate) const OF_THE_LEDGER: [fn(&Granted); 3] = [
    |granted| granted.delete(&granted.of_ledger()),
    |granted| granted.edit(&granted.of_ledger(), unreadable),
    |granted| granted.edit(&granted.of_ledger(), elsewhere),
];

#[test]
fn a_ledger_whose_item_is_gone_unreadable_or_of_another_place_is_read_from_its_events() {
    for (number, tamper) in OF_THE_LEDGER.iter().enumerate() {
        let granted = granted();
        let (kari, stream) = (&granted.town.kari, granted.of_ledger());
        let before = granted.town.run(load_ledger(kari, &granted.tuple)).unwrap();
        let item = granted.item(&stream);
        tamper(&granted);
        for _ in 0..2 {
            assert_eq!(granted.town.run(load_ledger(kari, &granted.tuple)).unwrap(), before, "{number}");
            assert_eq!((granted.item(&stream), granted.alarms(&stream)), (item.clone(), 1), "{number}");
        }
        granted.end_is_past();
        assert!(!granted.has_access(), "{number}");
    }
}

#[test]
fn access_whose_ledger_has_an_unreadable_item_is_compared_by_what_its_events_tell() {
    let granted = granted();
    let stream = granted.of_ledger();
    granted.edit(&stream, unreadable);
    let report = granted.town.run(verify(&granted.town.kari, Instant::MAX_UTC)).unwrap();
    assert_eq!((report.compared, report.missing, report.failed), (1, 0, 0));
    assert_eq!((granted.faults(&stream), granted.alarms(&stream)), (vec![], 1), "it is put right");
}

#[test]
fn a_ledger_without_an_item_and_without_events_is_new_and_alarms_nobody() {
    let granted = granted();
    let other = Tuple { principal: user("ben"), ..granted.tuple.clone() };
    let ledger = granted.town.run(load_ledger(&granted.town.kari, &other)).unwrap();
    assert_eq!((ledger.head, ledger.state), (Head::empty(), kari_domain::ledger::Ledger::default()));
    assert_eq!(granted.alarms(&StreamId::ledger(&other)), 0);
    assert_eq!(granted.item(&StreamId::ledger(&other)), None);
}

#[test]
fn what_is_open_and_called_due_by_nobody_is_found_told_and_due_again() {
    let granted = granted();
    for stream in [granted.of_request(), granted.of_ledger()] {
        let sound = granted.item(&stream).unwrap();
        for due_at in [None, Some(Instant::MAX_UTC)] {
            granted.edit(&stream, |item| Item { due_at, ..item });
            assert_eq!(granted.faults(&stream), [ItemFault::Due]);
            granted.town.run(check_open(&granted.town.kari)).unwrap();
            assert_eq!(granted.item(&stream), Some(sound.clone()), "{stream}");
        }
        assert_eq!(granted.alarms(&stream), 1);
    }
    granted.end_is_past();
    assert!(!granted.has_access());
}

#[test]
fn an_item_that_was_deleted_is_made_anew_and_its_access_ends() {
    let granted = granted();
    for stream in [granted.of_request(), granted.of_ledger()] {
        let sound = granted.item(&stream);
        granted.delete(&stream);
        assert_eq!(granted.faults(&stream), [ItemFault::Missing]);
        assert!(!granted.town.run(check_stream(&granted.town.kari, &stream)).unwrap());
        assert_eq!((granted.item(&stream), granted.alarms(&stream)), (sound, 1));
        assert!(granted.town.run(check_stream(&granted.town.kari, &stream)).unwrap());
    }
    granted.end_is_past();
    assert!(!granted.has_access());
}

/// A stream, what is done to its item, and what is said of it.
type Case<'a> = (&'a StreamId, &'a dyn Fn(Item) -> Item, &'a str);

#[test]
fn every_edit_of_an_item_is_told_with_what_differs() {
    let granted = granted();
    let (request, ledger) = (granted.of_request(), granted.of_ledger());
    let replaced = |item: Item, from: &str, to: &str| {
        let body = item.body.replace(from, to);
        assert_ne!(body, item.body);
        Item { body, ..item }
    };
    let cases: [Case<'_>; 9] = [
        (&request, &|item| item, ""),
        (&ledger, &|item| item, ""),
        (
            &ledger,
            &|item| {
                replaced(
                    item,
                    "\"holders\":{\"",
                    "\"holders\":{\"00000000-0000-0000-0000-000000000001\":\"2099-01-01T00:00:00Z\",\"",
                )
            },
            "holders",
        ),
        (
            &ledger,
            &|item| replaced(item, "\"ownership\":\"owned\"", "\"ownership\":\"pre-existing\""),
            "presence",
        ),
        (&ledger, &|item| replaced(item, "\"held_since\":", "\"since_when\":"), "held_since"),
        (&ledger, &unreadable, "cannot be read"),
        (&request, &elsewhere, "another place"),
        (&request, &|item| replaced(item, "the disk is full again", "nothing in particular"), "about grant"),
        (
            &request,
            &|mut item| {
                item.request.as_mut().unwrap().state = kari_domain::request::RequestState::Closed;
                item
            },
            "listed",
        ),
    ];
    for (stream, edit, told) in cases {
        let sound = granted.item(stream).unwrap();
        granted.edit(stream, edit);
        let faults: Vec<_> = granted.faults(stream).iter().map(ToString::to_string).collect();
        match told {
            "" => assert_eq!(faults, Vec::<String>::new(), "{stream}"),
            told => assert!(faults.len() == 1 && faults[0].contains(told), "{told}: {faults:?}"),
        }
        granted.change(ItemChange::Put(sound));
    }
}

#[test]
fn an_item_of_an_earlier_version_is_no_fault_because_it_lacks_what_was_added_later() {
    let granted = granted();
    let stream = granted.of_ledger();
    granted.edit(&stream, |item| {
        let mut body: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&item.body).unwrap();
        for added in ["absence_proof", "missed_at", "over_at", "overdue_since"] {
            body.remove(added).unwrap();
        }
        Item { body: serde_json::to_string(&body).unwrap(), ..item }
    });
    assert_eq!(granted.faults(&stream), []);
}

#[test]
fn what_was_carried_on_from_an_item_of_an_earlier_version_is_no_fault() {
    let granted = granted();
    granted.town.suspend(&granted.tuple.target.account);
    granted.end_is_past();
    let stream = granted.of_ledger();
    granted.edit(&stream, |item| {
        let mut body: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&item.body).unwrap();
        let known = body.insert("over_at".to_owned(), serde_json::Value::Null);
        assert!(known.is_some_and(|known| known.is_string()));
        Item { body: serde_json::to_string(&body).unwrap(), ..item }
    });
    assert_eq!(granted.faults(&stream), []);
}

fn policies(granted: &Granted) -> Vec<StoredPolicyItem> {
    let page = PageRequest { limit: 200, after: None };
    let items = granted.town.run(granted.town.kari.store.items("policies", &page)).unwrap().items;
    let stored =
        |item: Item| StoredPolicyItem { key: item.key.0, version: item.head.version, body: item.body };
    items.into_iter().map(stored).collect()
}

#[test]
fn a_policy_that_is_not_what_was_recorded_is_found() {
    let granted = granted();
    let events = granted.recorded(&StreamId::policies()).events;
    let sound = policies(&granted);
    assert_eq!(check_policies(&events, &sound), []);

    let place = |key: &str| sound.iter().position(|item| item.key == key).unwrap();
    let north = place("policies/eligibility/north");
    let mut eased = sound.clone();
    eased[north].body =
        eased[north].body.replace("\"approval_required\":true", "\"approval_required\":false");
    let mut missing = sound.clone();
    missing.remove(north);
    let mut added = sound.clone();
    added.push(StoredPolicyItem { key: "policies/eligibility/back-door".to_owned(), ..sound[north].clone() });
    let mut settings = sound.clone();
    let set = place("policies");
    settings[set].body =
        settings[set].body.replace("\"maximum_duration_minutes\":1440", "\"maximum_duration_minutes\":9999");
    let key = |key: &str| key.to_owned();
    for (stored, fault) in [
        (eased, PolicyFault::Differs(key("policies/eligibility/north"))),
        (missing, PolicyFault::Missing(key("policies/eligibility/north"))),
        (added, PolicyFault::Unrecorded(key("policies/eligibility/back-door"))),
        (settings, PolicyFault::Differs(key("policies"))),
    ] {
        assert_eq!(check_policies(&events, &stored), [fault]);
    }
}

#[test]
fn administrators_are_told_of_a_policy_that_was_never_recorded() {
    let granted = granted();
    let stream = StreamId::policies();
    granted.town.run(check_open(&granted.town.kari)).unwrap();
    assert_eq!(granted.alarms(&stream), 0);
    granted.change(ItemChange::Delete(ItemKey("policies/approver/north".to_owned())));
    granted.town.run(check_open(&granted.town.kari)).unwrap();
    assert_eq!(granted.alarms(&stream), 1);
}

#[test]
fn policies_are_put_right_by_what_was_recorded_but_for_one_that_only_says_something_else() {
    let granted = granted();
    let faults_after_a_check = || {
        granted.town.run(check_policies_in_force(&granted.town.kari)).unwrap();
        check_policies(&granted.recorded(&StreamId::policies()).events, &policies(&granted))
    };
    let north = StreamId::from_stored("policies/approver/north".to_owned());
    let item = granted.item(&north).unwrap();
    let set = granted.item(&StreamId::policies()).unwrap();
    granted.delete(&north);
    granted.change(ItemChange::Put(Item { key: ItemKey("policies/approver/back-door".to_owned()), ..item }));
    granted.edit(&StreamId::policies(), elsewhere);
    assert_eq!(faults_after_a_check(), []);
    assert_eq!(granted.item(&StreamId::policies()), Some(set));
    granted.edit(&north, unreadable);
    assert_eq!(faults_after_a_check(), [], "there is nothing that could be meant");

    granted.edit(&north, |item| Item {
        body: item.body.replace("\"enabled\":true", "\"enabled\":false"),
        ..item
    });
    assert_eq!(faults_after_a_check(), [PolicyFault::Differs("policies/approver/north".to_owned())]);
}

#[test]
fn a_request_is_still_read_from_its_events_whatever_its_item_says() {
    let granted = granted();
    granted.edit(&granted.of_request(), unreadable);
    let request = granted.town.run(load_request(&granted.town.kari, granted.request)).unwrap();
    assert_eq!(request.state.name(), "active");
}

/// Each life of the golden events, through the items that were stored with it, also by earlier versions.
#[test]
fn items_of_earlier_versions_are_no_faults() {
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/fixtures");
    let lives: std::collections::BTreeMap<String, Vec<String>> = golden_lives(&fixtures.join("events/lives"));
    let stored = std::fs::read_to_string(fixtures.join("ledger-items.jsonl")).unwrap();
    let mut bodies = stored.lines();
    for (name, events) in lives.iter().filter(|(name, _)| name.starts_with("ledger")) {
        let mut head = Head::empty();
        for (place, bytes) in events.iter().enumerate() {
            head = head.after(bytes);
            let envelope: kari_domain::audit::Envelope = serde_json::from_str(bytes).unwrap();
            let body = bodies.next().expect("an item for each event").to_owned();
            let ledger = serde_json::from_str(&body).unwrap();
            let due_at = kari_domain::ledger::due(&ledger);
            let key = ItemKey::from(&envelope.stream);
            let item = Item { key, head: head.clone(), due_at, request: None, body };
            let faults = check_item(&envelope.stream, &events[..=place], Some(&item));
            assert_eq!(faults, [], "{name} after {}", place + 1);
        }
    }
    assert_eq!(bodies.next(), None);
}

/// The stored events of each life, by its name.
fn golden_lives(folder: &std::path::Path) -> std::collections::BTreeMap<String, Vec<String>> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let lines = files.filter(|path| path.extension().is_some_and(|kind| kind == "jsonl")).map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect())
    });
    lines.collect()
}

#[test]
fn an_event_of_another_stream_is_not_taken_for_ones_own() {
    let one = granted();
    let foreign = one.recorded(&one.of_request()).events;
    let faults = check_item(
        &StreamId::request(RequestId(uuid::Uuid::max())),
        &foreign,
        one.item(&one.of_request()).as_ref(),
    );
    let [ItemFault::NotUnderstood(why)] = faults.as_slice() else { panic!("{faults:?}") };
    assert!(why.contains("event 1 belongs to"), "{why}");
}
