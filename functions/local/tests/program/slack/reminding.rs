//! What lapses soon.

use super::stage::{CHANNEL, Stage, button, says};
use crate::eventually::eventually;

#[test]
fn reviewers_are_reminded_once_where_the_card_is_shortly_before_a_request_lapses() {
    let stage = Stage::new();
    stage.ask("alice");
    stage.card();
    stage.skip(6 * 60);
    assert_eq!(stage.there(CHANNEL).len(), 1, "nothing lapses soon");
    stage.skip(65);
    eventually("they are reminded", || {
        says(&stage.there(CHANNEL), "A request lapses soon, and waits for you.")
    });
    stage.skip(5);
    let there = stage.there(CHANNEL);
    assert_eq!(there.len(), 2, "once: {there:?}");
    assert!(button(&there[..1], "approve").is_some(), "it still waits");
}
