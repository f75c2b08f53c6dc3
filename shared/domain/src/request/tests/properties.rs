//! Whatever people, clock and Identity Center do, in whatever order, these things hold.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::sample::user;
use super::world::{WARNING, World, moves};
use crate::ids::UserId;
use crate::request::{AccessRequest, Approval, Evidence, Outcome, RequestEvent, Window, decide, due, replay};

/// What the events themselves must never show.
fn check_story(world: &World) {
    let alice: UserId = user("alice");
    let (mut approved, mut started, mut ended) = (false, false, false);
    for (_, event) in &world.recorded {
        match event {
            RequestEvent::Reviewed { review } => assert_ne!(review.reviewer, alice, "reviewed by herself"),
            RequestEvent::Approved { approval } => {
                approved = true;
                check_approval(&alice, approval, world);
            }
            RequestEvent::ActivationStarted { window, deadline, .. } => {
                assert!(approved, "started without approval");
                assert!(window.starts_at < window.expires_at && *deadline <= window.expires_at);
                started = true;
            }
            RequestEvent::Activated {} => assert!(started && !ended, "active without being started"),
            RequestEvent::EndStarted { .. } => ended = true,
            RequestEvent::Closed { evidence, .. } => {
                assert_eq!(started, ended, "closed without ending what was started");
                assert_eq!(started, evidence.is_some(), "closed with access and without evidence");
            }
            RequestEvent::Requested { .. }
            | RequestEvent::ExpiryWarned {}
            | RequestEvent::RevocationRequested { .. }
            | RequestEvent::EndBlocked { .. }
            | RequestEvent::RemovalOverdue {} => {}
        }
    }
}

fn check_approval(alice: &UserId, approval: &Approval, world: &World) {
    let Approval::Reviewers { reviewers, .. } = approval else { return };
    let distinct: BTreeSet<_> = reviewers.iter().collect();
    assert_eq!(distinct.len(), reviewers.len(), "somebody counted twice");
    assert!(!distinct.contains(alice) && !distinct.is_empty());
    let reviews = &world.request.asked().expect("it was asked").reviews;
    let recorded = |id: &&UserId| reviews.iter().any(|review| review.reviewer == **id);
    assert!(distinct.iter().all(recorded), "approved by somebody whose review is not recorded");
}

fn check_now(world: &World) {
    let request = &world.request;
    let replayed = replay(world.recorded.iter().map(|(at, event)| (*at, event)));
    assert_eq!(replayed.as_ref(), Ok(request), "the state is what its events make");
    let over = matches!(request, AccessRequest::Absent | AccessRequest::Closed(_));
    assert_eq!(due(request, WARNING).is_none(), over, "{request:?}");
    let step = world.step();
    for policies in [0, 1, 9] {
        let Some(command) = world.planned(&step, policies) else { continue };
        let answer = decide(request, &command);
        assert!(answer.as_ref().is_ok_and(|events| !events.is_empty()), "{step:?} came to {answer:?}");
    }
}

fn windows(world: &World) -> Option<Window> {
    world.request.grant().map(|grant| grant.window)
}

proptest! {
    #[test]
    fn whatever_happens_a_request_keeps_its_promises(policies in 0_u8..4, moves in moves()) {
        let mut world = World::new(policies);
        for (wait, what) in moves {
            let (window, before) = (windows(&world), world.request.name());
            world.go(wait, what);
            check_story(&world);
            check_now(&world);
            let after = world.request.name();
            prop_assert!(window.is_none() || windows(&world) == window, "the end moved");
            let with_access = ["activating", "active"].contains(&before);
            prop_assert!(!with_access || ["activating", "active", "ending"].contains(&after), "{} skipped", after);
        }
    }

    #[test]
    fn once_everything_goes_well_every_request_comes_to_its_end(policies in 0_u8..4, moves in moves()) {
        let mut world = World::new(policies);
        for (wait, what) in moves {
            world.go(wait, what);
        }
        let mut rounds = 0;
        while let Some(at) = due(&world.request, WARNING) {
            let sooner = crate::ledger::due(&world.ledger).map_or(at, |ledger| ledger.min(at));
            world.now = world.now.max(sooner) + chrono::TimeDelta::seconds(30);
            world.advance(9, 9);
            rounds += 1;
            prop_assert!(rounds < 200, "no end for {:?} with {:?}", world.request, world.ledger);
        }
        check_story(&world);
    }
}

/// Properties of states that are never reached prove nothing.
#[test]
fn random_lives_reach_every_state_outcome_and_evidence() {
    let reached = std::cell::RefCell::new(BTreeSet::new());
    let config = Config { cases: 512, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let run = |(policies, moves): (u8, Vec<_>)| {
        let mut world = World::new(policies);
        for (wait, what) in moves {
            world.go(wait, what);
            reached.borrow_mut().insert(place(&world.request));
        }
        Ok(())
    };
    runner.run(&(0_u8..4, moves()), run).unwrap();
    let missing: Vec<_> = PLACES.iter().filter(|place| !reached.borrow().contains(**place)).collect();
    assert!(missing.is_empty(), "never reached: {missing:?}");
}

const PLACES: [&str; 16] = [
    "pending",
    "approved",
    "activating",
    "active",
    "ending",
    "denied",
    "withdrawn",
    "lapsed",
    "failed before access",
    "failed",
    "expired",
    "revoked before access",
    "revoked",
    "held by another",
    "pre-existing",
    "proven absent",
];

fn place(request: &AccessRequest) -> &'static str {
    let AccessRequest::Closed(closed) = request else { return request.name() };
    match (closed.outcome, &closed.evidence) {
        (_, Some(Evidence::HeldByAnother)) => "held by another",
        (_, Some(Evidence::PreExisting)) => "pre-existing",
        (_, Some(Evidence::ProvenAbsent { .. })) => "proven absent",
        (Outcome::Denied, _) => "denied",
        (Outcome::Withdrawn, _) => "withdrawn",
        (Outcome::Lapsed, _) => "lapsed",
        (Outcome::Failed, None) => "failed before access",
        (Outcome::Failed, Some(Evidence::ObservedGone { .. })) => "failed",
        (Outcome::Expired, _) => "expired",
        (Outcome::Revoked, None) => "revoked before access",
        (Outcome::Revoked, Some(Evidence::ObservedGone { .. })) => "revoked",
    }
}
