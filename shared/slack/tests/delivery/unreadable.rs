//! One request of a batch cannot be read any more: nobody can say what it is, and the others are shown all the same.

use kari_application::load_request;
use kari_application::ports::{Append, Clock, StreamAppend};
use kari_domain::audit::{Actor, AuditEvent, Cause, Stamp, SystemReason, seal};
use kari_domain::ids::{AppendId, RequestId};
use kari_domain::request::Decision;
use serde::{Deserialize, Serialize};

use crate::failing::go_away;
use crate::stage::{NORTH, Stage, buttons, words};
use crate::town::{account, set};

/// What only a newer version understands.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
enum NewerEvent {
    Sneezed { times: u8 },
}

impl AuditEvent for NewerEvent {}

/// A newer version recorded something of a request. Its own record is set aside, as the relay does.
fn make_unreadable(stage: &Stage, id: RequestId) {
    let loaded = stage.town.run(load_request(&stage.kari, id)).unwrap();
    let (append, at) = (AppendId(stage.kari.ids.fresh()), stage.town.clock.now());
    let actor = Actor::System { reason: SystemReason::Clock };
    let stamp = Stamp { append, at, actor, cause: Cause::Reconcile };
    let (events, _) =
        seal(&loaded.stream, &loaded.head, &[NewerEvent::Sneezed { times: 3 }], &stamp).unwrap();
    let stream = StreamAppend { stream: loaded.stream, expected: loaded.head, events };
    let append =
        Append { id: append, at, streams: vec![stream], unchanged: vec![], items: vec![], claims: vec![] };
    stage.town.run(stage.kari.store.append(&append)).unwrap();
    for outgoing in stage.town.store.outbox_batch(0, 10).unwrap() {
        stage.town.store.outbox_done(outgoing.position).unwrap();
    }
}

#[test]
fn a_request_that_cannot_be_read_holds_up_no_other_of_its_batch() {
    let stage = Stage::with_channel();
    let ids = stage.town.ask("ann", &[account("north", 0), account("south", 0)], &set(0));
    stage.settle();
    make_unreadable(&stage, ids[1]);
    stage.review("lee", ids[0], Decision::Deny);
    stage.settle();
    assert_eq!(buttons(&stage.there(NORTH)[0]), ["details"]);
    assert_eq!(buttons(&stage.told("sam")[0]).len(), 3, "it stands as it was");
}

#[test]
fn what_can_be_read_of_a_batch_is_asked_elsewhere_where_its_channel_takes_nothing() {
    let stage = Stage::with_channel();
    let accounts = [0, 1, 2].map(|number| account("north", number));
    let ids = stage.town.ask("ann", &accounts, &set(0));
    stage.settle();
    make_unreadable(&stage, ids[1]);
    go_away(&stage, None);
    stage.review("lee", ids[0], Decision::Deny);
    stage.settle();
    let told = stage.told("lee");
    assert_eq!(told.len(), 1);
    assert!(words(&told[0]).contains("north-2"), "{}", words(&told[0]));
}
