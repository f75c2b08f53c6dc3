//! Many accounts at once.

use std::fmt::Write;

use chrono::TimeDelta;
use kari_application::ports::Clock;
use kari_embedded::clock::SystemClock;

use super::sent::Filled;
use super::stage::{BOB, CHANNEL, SAMPLE, Stage, button, says};
use crate::eventually::eventually;

#[test]
fn fifty_accounts_are_one_message_and_all_are_approved_by_one_button() {
    let accounts: Vec<_> = (1..=50).map(|number| format!("310000000{number:03}")).collect();
    let mut organization = SAMPLE.to_owned();
    for id in &accounts {
        write!(
            organization,
            "\n[[account]]\nid = \"{id}\"\nname = \"service-{id}\"\nunit = \"production\"\n"
        )
        .unwrap();
    }
    let stage = Stage::in_organization(&organization);
    // How often Slack lets itself be called is looked at elsewhere.
    stage.fake.workspace().in_a_minute.clear();
    let start = Some(SystemClock::default().now() + TimeDelta::hours(3));
    stage.ask_in_modal(&Filled { accounts: accounts.clone(), start, ..Filled::default() });
    eventually("all of them are in the card", || {
        let there = stage.there(CHANNEL);
        accounts.iter().all(|id| says(&there, id)) && says(&there, "\"approve\"")
    });
    let card = stage.card();
    stage.press_in(BOB, &card, &button(std::slice::from_ref(&card), "approve").unwrap());
    eventually("all of them are approved, and the card says so", || {
        let there = stage.there(CHANNEL);
        let approved = there[0].blocks.to_string().matches("Approved by Bob Fischer. It begins ").count();
        approved == 50 && !says(&there, "\"approve\"")
    });
    let mine = stage.mine();
    assert_eq!(mine.iter().filter(|request| request["state"] == "approved").count(), 50);
    assert_eq!(stage.there(CHANNEL).len(), 1, "one card, whatever happened");
    assert!(stage.whispered(BOB).is_empty() && stage.refused().is_empty());
}
