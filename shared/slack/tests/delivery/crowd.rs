//! A thousand grants end in one minute, with their cards in one channel and every event in another. Slack changes
//! fifty messages a minute; the table's stream brings a hundred records at once, and again what failed of them.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kari_domain::ids::RequestId;
use kari_domain::request::Decision;

use crate::stage::{AUDIT, NORTH, Stage, buttons, events_in, words};
use crate::town::{ACCOUNTS, account, set};

/// How many records the stream brings at once.
const BATCH: usize = 100;

/// A thousand grants that are active, each with its card. Nobody may have more than a hundred requests that wait, and
/// what is approved has to begin within a quarter of an hour.
fn thousand(stage: &Stage) -> Vec<RequestId> {
    let limits = std::mem::take(&mut stage.workspace().in_a_minute);
    let mut ids = vec![];
    for half in 0..2 {
        let mut asked = vec![];
        for who in ["ann", "ben", "cat", "sam", "tom"] {
            for place in 0..ACCOUNTS {
                asked.extend(stage.town.ask(who, &[account("north", place)], &set(half)));
                stage.relay();
                stage.wait(TimeDelta::milliseconds(1_200));
            }
        }
        for id in &asked {
            stage.review("lee", *id, Decision::Approve);
        }
        ids.extend(asked);
    }
    in_turns(stage, &ids);
    stage.settle();
    stage.workspace().in_a_minute = limits;
    ids
}

/// Drives so many at the same time as Identity Center takes without many of them waiting for long.
fn in_turns(stage: &Stage, ids: &[RequestId]) {
    for some in ids.chunks(50) {
        stage.drive_all(some);
    }
}

/// How many are in which state.
fn states(stage: &Stage, ids: &[RequestId]) -> BTreeMap<&'static str, usize> {
    let mut states = BTreeMap::new();
    for id in ids {
        *states.entry(stage.town.state(*id)).or_default() += 1;
    }
    states
}

/// How often each card was changed.
fn edits(stage: &Stage) -> BTreeMap<String, usize> {
    stage.there(NORTH).into_iter().map(|card| (card.ts, card.edits)).collect()
}

/// What waits to be relayed.
fn waiting(stage: &Stage) -> usize {
    stage.town.store.outbox_batch(0, 100_000).unwrap().len()
}

/// Relays a batch each second until this is so. Returns after how many seconds it was.
fn relay_until(stage: &Stage, most_seconds: usize, is_so: impl Fn() -> bool) -> usize {
    for seconds in 0..most_seconds {
        if is_so() {
            return seconds;
        }
        stage.relay_first(BATCH);
        stage.wait(TimeDelta::seconds(1));
    }
    panic!("{} wait, {} are put off", waiting(stage), stage.put_off());
}

#[test]
fn a_thousand_grants_that_end_in_a_minute_are_a_few_messages_and_hold_up_nobody() {
    let stage = Stage::with_channel();
    let ids = thousand(&stage);
    assert_eq!(states(&stage, &ids), [("active", 1_000)].into());
    stage.set(|settings| settings.slack_audit_channel = Some(AUDIT.parse().unwrap()));
    stage.settle();
    let before = edits(&stage);
    assert_eq!(before.len(), 1_000);
    stage.workspace().calls.clear();
    let audited = stage.there(AUDIT).len();

    stage.wait(TimeDelta::minutes(31));
    in_turns(&stage, &ids);
    // Behind all of it somebody asks.
    stage.town.ask("tom", &[account("north", 0)], &set(5));
    let mut recorded = waiting(&stage);
    assert!(recorded > 3_000, "{recorded}");
    let waited = relay_until(&stage, 600, || stage.there(NORTH).len() == 1_001);
    assert!(waited < 120, "{waited} s");

    // Seen gone twice, they are over.
    stage.wait(TimeDelta::minutes(3));
    let known = waiting(&stage);
    in_turns(&stage, &ids);
    assert_eq!(states(&stage, &ids), [("closed", 1_000)].into());
    recorded += waiting(&stage) - known;
    let rest = relay_until(&stage, 3_600, || waiting(&stage) == 0 && stage.put_off() == 0);
    assert!(rest < 25 * 60, "{rest} s: Slack takes twenty minutes for a thousand changes");

    let audit: Vec<_> = stage.there(AUDIT).split_off(audited);
    assert!(audit.len() <= 60, "{}", audit.len());
    let told: Vec<_> = audit.iter().map(events_in).collect();
    let [listed, counted]: [usize; 2] =
        [told.iter().map(|(listed, _)| listed).sum(), told.iter().map(|(_, counted)| counted).sum()];
    assert_eq!(listed + counted, recorded, "each event once");
    assert!(listed > 250, "{listed}");
    let cards = stage.there(NORTH);
    for card in cards.iter().filter(|card| before.contains_key(&card.ts)) {
        assert!(words(card).contains("its time was over"), "{}", words(card));
        assert_eq!(buttons(card), ["details"]);
        assert!(card.edits - before[&card.ts] <= 2, "once while it ends, and once it is over");
    }
    let refused = stage.workspace().calls.iter().filter(|call| call.answer == "ratelimited").count();
    assert!(refused < 60, "{refused}");
}
