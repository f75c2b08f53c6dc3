use super::sample::{ineligible, minute};
use crate::request::Refusal;
use crate::text::Justification;
use crate::time::Minutes;

fn all() -> Vec<Refusal> {
    vec![
        Refusal::Ineligible { reasons: ineligible().reasons().to_vec() },
        Refusal::UnknownAccount,
        Refusal::UnknownPermissionSet,
        Refusal::StartInPast,
        Refusal::StartTooFar,
        Refusal::JustificationRequired,
        Refusal::Text(Justification::parse("short").unwrap_err()),
        Refusal::AlreadyRequested,
        Refusal::TooManyPending,
        Refusal::IdempotencyKeyReused,
        Refusal::JoinedWindowTooLong { longest_minutes: Minutes(240) },
        Refusal::SelfReview,
        Refusal::NotAReviewer,
        Refusal::PortalOnly,
        Refusal::Lapsed { lapsed_at: minute(480) },
        Refusal::WrongState { state: "closed", wanted: "approved" },
        Refusal::NotTheRequester,
        Refusal::MayNotRevoke,
        Refusal::NotYet,
        Refusal::TooLate,
    ]
}

#[test]
fn every_refusal_has_a_code_and_says_what_to_do() {
    let lines: Vec<_> = all().iter().map(|refusal| format!("{}: {refusal}", refusal.code())).collect();
    insta::assert_snapshot!("every_refusal", lines.join("\n"));
}

#[test]
fn no_two_refusals_have_the_same_code() {
    let codes: std::collections::BTreeSet<_> = all().iter().map(Refusal::code).collect();
    assert_eq!(codes.len(), all().len());
}
