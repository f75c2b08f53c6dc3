//! What is approved in the portal only.

use kari_domain::request::AccessRequest;
use kari_domain::settings::Language;
use kari_slack::messages::{Card, Member, Progress, card};
use kari_texts::Names;
use serde_json::Value;

use crate::many::remembered;
use crate::sample::{after, lives, of_batch, snapshot};
use crate::{LANGUAGES, PORTAL, actions, legal};

fn shown(request: &AccessRequest, batch: &[Member], progress: &[Progress], language: Language) -> Value {
    let snapshot = snapshot();
    let shown = card(&Card {
        request,
        batch: batch.to_vec(),
        progress: progress.to_vec(),
        mentioned: vec![],
        names: Names(&snapshot),
        language,
        portal: PORTAL,
    });
    legal(&shown.unwrap())
}

#[test]
fn a_card_says_of_what_is_approved_in_the_portal_only_that_it_is() {
    let request = after(&lives()[0].1, 1);
    let one = |met_by: &[&str]| {
        let met_by = met_by.iter().map(|&name| name.to_owned()).collect();
        vec![Progress { policy: "Leads & <friends>".to_owned(), quorum: 1, portal_only: true, met_by }]
    };
    for (language, tongue) in LANGUAGES {
        let card = shown(&request, &[], &one(&[]), language);
        assert_eq!(actions(&card), ["deny", "details"]);
        insta::assert_json_snapshot!(format!("single-{tongue}"), card);
    }
    let card = shown(&request, &[], &one(&["Bob"]), Language::En).to_string();
    assert!(card.contains("1 of 1 – Bob\""), "nothing is left to approve there: {card}");
}

#[test]
fn the_card_of_a_batch_says_it_in_the_line_of_each_request() {
    let snapshot = snapshot();
    let requests = [of_batch(1, "000000000001"), of_batch(2, "000000000002")];
    let mut batch = requests.each_ref().map(|request| remembered(request, Names(&snapshot)));
    batch[0].progress[0].portal_only = true;
    for (language, tongue) in LANGUAGES {
        let card = shown(&requests[0], &batch, &[], language);
        insta::assert_json_snapshot!(format!("batch-{tongue}"), card);
    }
}

#[test]
fn a_batch_has_a_button_that_approves_it_while_anything_of_it_may_be_approved_here() {
    let snapshot = snapshot();
    let requests = [of_batch(1, "000000000001"), of_batch(2, "000000000002")];
    let mut batch = requests.each_ref().map(|request| remembered(request, Names(&snapshot)));
    let buttons = |batch: &[Member]| actions(&shown(&requests[0], batch, &[], Language::En));
    assert_eq!(buttons(&batch), ["approve", "deny", "choose", "details"]);
    for member in &mut batch {
        member.progress[0].portal_only = true;
    }
    assert_eq!(buttons(&batch), ["deny", "choose", "details"]);
    batch[1].progress[0].portal_only = false;
    assert_eq!(buttons(&batch), ["approve", "deny", "choose", "details"]);
    batch[1].pending = false;
    assert_eq!(buttons(&batch), ["deny", "choose", "details"], "the other one is decided");
}
