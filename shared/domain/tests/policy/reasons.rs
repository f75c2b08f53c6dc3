//! What a requester is told.

use kari_domain::directory::AccountStatus;
use kari_domain::policy::{PolicyRef, Reason};
use kari_domain::time::Minutes;

use crate::organization::*;

#[test]
fn every_reason_has_a_stable_code_and_a_sentence_that_says_what_to_do() {
    let policy = || PolicyRef { id: "p1".parse().unwrap(), version: 3, name: name("p1") };
    let told: Vec<_> = [
        Reason::RequestsNotAccepted,
        Reason::RequesterDisabled,
        Reason::AccountNotActive { status: AccountStatus::Suspended },
        Reason::KarisOwnAccount,
        Reason::ManagementAccountNotDelegated,
        Reason::NoEligibilityPolicy,
        Reason::DurationTooShort { shortest_minutes: Minutes(15) },
        Reason::DurationTooLong { longest_minutes: Minutes(61), policy: policy() },
        Reason::MaximumDurationSetting { longest_minutes: Minutes(1440) },
        Reason::TicketRequired { policy: Some(policy()) },
        Reason::TicketRequired { policy: None },
        Reason::ForbiddenByGuardrail { policy: policy() },
        Reason::CappedByGuardrail { policy: policy(), minutes: Minutes(30) },
        Reason::NoApproverPolicy,
        Reason::TooManyApproverPolicies,
        Reason::CappedByGuardrail { policy: policy(), minutes: Minutes(90) },
        Reason::NotEnoughReviewers { policy: policy(), needed: 2, available: 1 },
        Reason::NotEnoughReviewers { policy: policy(), needed: 1, available: 0 },
    ]
    .iter()
    .map(|reason| format!("{}: {}", reason.code(), reason.sentence()))
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn every_reason_for_a_refusal_is_given_at_once() {
    let short = kari_domain::policy::EligibilityPolicy { ticket_required: true, ..with_approval("a") };
    let mut set = policies(
        [short],
        [
            guardrail("no", kari_domain::policy::Effect::Forbid),
            guardrail("cap", kari_domain::policy::Effect::Cap { minutes: Minutes(30) }),
        ],
        [],
    );
    set.settings.maximum_duration_minutes = Minutes(60);
    let ask = Ask { who: "dan", minutes: 300, account: CLOSED, ..ASK };
    assert_eq!(
        ask.answer(&set),
        "requester-disabled account-not-active duration-too-long maximum-duration-setting \
         forbidden-by-guardrail capped-by-guardrail ticket-required no-approver-policy"
    );
}
