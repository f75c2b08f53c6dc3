//! One request of a batch cannot be read any more: nobody can say what it is, and the others are shown all the same.

use kari_application::contract::unreadable;
use kari_domain::ids::RequestId;
use kari_domain::request::Decision;

use crate::failing::go_away;
use crate::stage::{NORTH, Stage, buttons, words};
use crate::town::{account, set};

/// A newer version recorded something of a request. Its own record is set aside, as the relay does.
fn make_unreadable(stage: &Stage, id: RequestId) {
    stage.town.run(unreadable::make_unreadable(&stage.kari, id));
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
