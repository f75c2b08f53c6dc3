//! `kari --identity-center aws` where Identity Center does not answer yet, or is another one than before.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::eventually::eventually;
use crate::identity_center_aws::{Town, drained, given_to_alice};
use crate::said::said;

fn refused(town: &Town) -> String {
    let (code, text) = said(town.command("sub=id"));
    assert_eq!(code, 1, "{text}");
    text
}

/// What other commands know of the Kari of this town.
fn known(town: &Town) -> Value {
    let file = town.path("data").join("instance.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// An earlier version did not write down which Identity Center it was.
fn forget_which(town: &Town) {
    let mut known = known(town);
    known.as_object_mut().unwrap().remove("real").unwrap();
    std::fs::write(town.path("data").join("instance.json"), known.to_string()).unwrap();
}

#[test]
fn a_data_directory_belongs_to_the_identity_center_in_which_access_was_given_and_to_no_other() {
    let mut town = Town::new();
    let origin = town.start("sub=id");
    given_to_alice(&town, &origin);
    town.stop();
    let (own, which) = (town.front.clone(), known(&town)["real"].clone());
    town.move_elsewhere();
    let text = refused(&town);
    let instance = which["instance"].as_str().unwrap();
    assert!(text.contains(&format!("belongs to the identity center {instance}")), "{text}");
    assert!(text.contains("ssoins-0123456789abcdef") && text.contains("--data-dir"), "{text}");
    forget_which(&town);
    let text = refused(&town);
    assert!(text.contains("kari gave access to") && text.contains("--data-dir"), "{text}");

    town.front = own;
    town.start("sub=id");
    assert_eq!(known(&town)["real"], which);
    town.stop();
    drained(&town);
    let again = town.command("sub=id").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    town.children.push(again);
    eventually("it is gone", || town.assignments() == 0);
}

/// Starts it, and waits until it says that it tries again.
fn start_in_vain(town: &mut Town) {
    let mut waiting = town.command("sub=id").stdout(Stdio::null()).spawn().unwrap();
    let mut log = BufReader::new(waiting.stderr.take().unwrap()).lines();
    town.children.push(waiting);
    assert!(log.any(|line| line.is_ok_and(|line| line.contains("it is tried again"))), "it has ended");
    // Read on, so that it is never told that nobody listens.
    std::thread::spawn(move || log.count());
}

#[test]
fn a_kari_that_ran_before_waits_for_an_identity_center_that_does_not_answer_yet_and_then_access_ends() {
    let mut town = Town::new();
    let origin = town.start("sub=id");
    given_to_alice(&town, &origin);
    town.stop();
    drained(&town);
    let silent = town.fall_silent();
    start_in_vain(&mut town);
    // While it waits its worker goes with its supervisor, too.
    town.stop();
    start_in_vain(&mut town);
    assert_eq!(town.assignments(), 1);
    town.answer_at(silent);
    eventually("it is gone", || town.assignments() == 0);
}

#[test]
fn whoever_starts_it_for_the_first_time_learns_at_once_that_identity_center_does_not_answer() {
    let mut town = Town::new();
    let _silent = town.fall_silent();
    let text = refused(&town);
    assert!(text.contains("identity center does not answer"), "{text}");
}
