//! The management account, which a delegated administrator cannot change: it is offered, asked for and begun
//! only where Kari can reach it.

use kari_application::browse::surroundings;
use kari_application::caller::live_caller;
use kari_application::edit_policies::{Editor, create_policy};
use kari_application::explain::{EligibilityQuery, Outlook, Thought, eligibility, outlook};
use kari_application::ports::ItemKey;
use kari_application::reconcile::drive;
use kari_application::submit_request::{Wanted, submit_request};
use kari_application::sync_directory::sync_directory;
use kari_application::{Error, load_request};
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};
use kari_domain::ids::{AccountId, RequestId, Target};
use kari_domain::policy::{EligibilityPolicy, Reason, Targets};
use kari_domain::request::{AccessRequest, FailureReason, Outcome, Refusal};
use kari_domain::text::Justification;
use kari_domain::time::Minutes;
use kari_embedded::identity_center::{Action, FaultPlan, MillisRange};

use crate::town::{Town, account, eligible, set, user};

fn management() -> AccountId {
    account("sandbox", 0)
}

/// A town whose policies name the management account.
fn town() -> Town {
    let town = Town::managed_from(&management());
    let targets = Targets { accounts: [management()].into(), ..Targets::default() };
    let named = EligibilityPolicy { targets, ..eligible("management", false) };
    let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
    town.run(create_policy(&town.kari, &editor, named)).unwrap();
    town
}

/// Kari gets a role in the management account, or loses it.
fn role(town: &Town, given: bool) {
    let latency = MillisRange::new(0, 0);
    let plan = FaultPlan { delegated_administrator: !given, latency, ..FaultPlan::calm() };
    town.behind(|world, _| world.set_fault_plan(plan));
    town.run(sync_directory(&town.kari)).unwrap();
}

fn is_offered(town: &Town) -> bool {
    let query = EligibilityQuery { account: Some(management()), limit: 1, ..EligibilityQuery::default() };
    town.run(async {
        let ann = live_caller(&town.kari, &user("ann")).await.unwrap();
        let around = surroundings(&town.kari).await.unwrap();
        !eligibility(&town.kari, &ann, &around, &query).await.unwrap().accounts.is_empty()
    })
}

fn foreseen(town: &Town) -> Outlook {
    let target = Target { account: management(), permission_set: set(0) };
    let thought = Thought { target, start: None, duration: Minutes(30), has_ticket: false };
    town.run(async {
        let ann = live_caller(&town.kari, &user("ann")).await.unwrap();
        let around = surroundings(&town.kari).await.unwrap();
        outlook(&town.kari, &ann, &around, &thought).await.unwrap()
    })
}

fn asked(town: &Town, key: &str) -> Result<RequestId, Error> {
    let wanted = Wanted {
        idempotency_key: key.to_owned(),
        accounts: vec![management()],
        permission_set: set(0),
        start: None,
        duration: Minutes(30),
        justification: Some(Justification::parse("the bill has to be paid").unwrap()),
        ticket: None,
    };
    town.run(async {
        let ann = live_caller(&town.kari, &user("ann")).await.unwrap();
        let mut submitted = submit_request(&town.kari, &ann, Cause::Api, &wanted).await?;
        submitted.answers.remove(0).result.map(|request| request.id().unwrap())
    })
}

fn driven(town: &Town, id: RequestId) -> AccessRequest {
    town.run(drive(&town.kari, &ItemKey::from(&StreamId::request(id)))).unwrap();
    town.run(load_request(&town.kari, id)).unwrap().state
}

fn only_reason() -> Vec<Reason> {
    vec![Reason::ManagementAccountNotDelegated]
}

#[test]
fn a_delegated_administrator_neither_offers_nor_takes_the_management_account_and_says_why() {
    let town = town();
    assert!(!is_offered(&town));
    assert_eq!(foreseen(&town).refusals, [Refusal::Ineligible { reasons: only_reason() }]);
    match asked(&town, "first").expect_err("it is not delegated") {
        Error::Refused(Refusal::Ineligible { reasons }) => assert_eq!(reasons, only_reason()),
        other => panic!("{other}"),
    }
    assert_eq!(town.calls(Action::CreateAccountAssignment), 0);
}

#[test]
fn with_a_role_in_it_the_management_account_is_like_any_other_that_a_policy_names() {
    let town = town();
    role(&town, true);
    assert!(is_offered(&town));
    assert!(foreseen(&town).refusals.is_empty());
    let id = asked(&town, "first").unwrap();
    assert_eq!(driven(&town, id).name(), "active");
    assert!(town.is_present(&Town::assignment("ann", &management(), &set(0))));
}

#[test]
fn what_was_approved_does_not_begin_in_the_management_account_once_the_role_there_is_gone() {
    let town = town();
    role(&town, true);
    let id = asked(&town, "first").unwrap();
    role(&town, false);
    match driven(&town, id) {
        AccessRequest::Closed(closed) => {
            assert_eq!(closed.outcome, Outcome::Failed);
            assert_eq!(closed.reason, Some(FailureReason::NoLongerEligible { reasons: only_reason() }));
        }
        other => panic!("{}", other.name()),
    }
    assert_eq!(town.calls(Action::CreateAccountAssignment), 0);
}
