//! Submission, review and activation go through one evaluation: whatever the policies are, what one of
//! them lets pass the next does not stop, and what one refuses the next refuses, too.

use kari_domain::audit::Cause;
use kari_domain::directory::Subject;
use kari_domain::ids::{RequestId, Target};
use kari_domain::policy::{CompiledPolicies, PolicySet, Versioned, requirements_for};
use kari_domain::request::{
    AccessRequest, Assessment, Command, Decision, Labels, Refusal, ReviewFacts, StartActivation, Submission,
    Submit, decide, evolve,
};
use kari_domain::text::Ticket;
use kari_domain::time::{Instant, Minutes};
use proptest::prelude::*;

use crate::organization::*;
use crate::reference;
use crate::universe::*;

/// Everything happens at once, so that only the policies can make a difference.
const NOW: Instant = Instant::UNIX_EPOCH;

fn submission(ask: &Ask<'_>) -> Submission {
    let words = || "x".to_owned();
    Submission {
        id: RequestId(uuid::Uuid::nil()),
        requester: user(ask.who),
        target: Target { account: account(ask.account), permission_set: arn(ask.permission_set) },
        labels: Labels { requester: words(), account: words(), path: vec![], permission_set: words() },
        start: None,
        duration_minutes: Minutes(ask.minutes),
        justification: None,
        ticket: ask.ticket.then(|| Ticket::parse("INC-1").unwrap()),
        batch: None,
        lapses_at: NOW + Minutes(60).delta(),
        body_hash: String::new(),
    }
}

/// The request after a command, or the refusal.
fn after(request: &AccessRequest, command: &Command) -> Result<AccessRequest, Refusal> {
    let events = decide(request, command)?;
    let evolved = events.iter().try_fold(request.clone(), |request, event| evolve(request, NOW, event));
    Ok(evolved.expect("what was decided can follow"))
}

fn submitted(ask: &Ask<'_>, set: &PolicySet) -> Result<AccessRequest, Refusal> {
    let (submission, verdict) = (submission(ask), ask.to(set));
    let submit =
        Submit { submission, verdict, justification_required: false, joined: None, pending: 0, now: NOW };
    after(&AccessRequest::Absent, &Command::Submit(Box::new(submit)))
}

fn approved_by(
    request: &AccessRequest,
    who: &str,
    ask: &Ask<'_>,
    set: &PolicySet,
) -> Result<AccessRequest, Refusal> {
    let reviews = request.asked().map(|asked| asked.reviews.as_slice()).unwrap_or_default();
    let earlier: Vec<Subject> = reviews.iter().map(|review| subject(review.reviewer.as_str())).collect();
    let (reviewer, label) = (subject(who), who.to_owned());
    let (place, what) = (&organization().accounts[&account(ask.account)], arn(ask.permission_set));
    let compiled = CompiledPolicies::new(set.clone());
    let assessment = Assessment {
        verdict: ask.to(set),
        target_requirements: requirements_for(&compiled, place, &organization().permission_sets[&what]),
    };
    let facts = ReviewFacts {
        reviewer,
        label,
        decision: Decision::Approve,
        comment: None,
        assessment,
        earlier,
        through: Cause::Api,
        now: NOW,
    };
    after(request, &Command::Review(Box::new(facts)))
}

/// Everybody presses Approve, one after the other.
fn reviewed(mut request: AccessRequest, ask: &Ask<'_>, set: &PolicySet) -> AccessRequest {
    for (who, _) in PEOPLE {
        request = approved_by(&request, who, ask, set).unwrap_or(request);
    }
    request
}

fn activated(request: &AccessRequest, ask: &Ask<'_>, set: &PolicySet) -> &'static str {
    let facts = StartActivation { verdict: ask.to(set), held_since: None, now: NOW };
    after(request, &Command::StartActivation(Box::new(facts))).expect("it is time").name()
}

/// What the rules say: nothing where they refuse it, else how many approvals of whom they ask for.
fn wanted(ask: &Ask<'_>, set: &PolicySet) -> Option<Vec<(Vec<&'static str>, u8)>> {
    let answer = reference::answer(ask, set);
    let allowed = answer.iter().any(|text| text.starts_with("decided by"));
    let applied = reference::reviews(ask, set).into_iter().filter(|(text, _)| answer.contains(text));
    let people = applied.map(|(_, requirement)| {
        let able = PEOPLE.iter().map(|(who, _)| *who);
        (able.filter(|who| reference::counts(&requirement, who, ask.who)).collect(), requirement.quorum)
    });
    allowed.then(|| people.collect())
}

/// Whether so many people can be found for each requirement, nobody twice: every way is tried.
fn suffices(open: &[(Vec<&str>, u8)], used: &[&str]) -> bool {
    let Some(((able, quorum), rest)) = open.split_first() else { return true };
    if *quorum == 0 {
        return suffices(rest, used);
    }
    able.iter().filter(|who| !used.contains(who)).any(|who| {
        let one_less: Vec<_> = [(able.clone(), quorum - 1)].into_iter().chain(rest.iter().cloned()).collect();
        suffices(&one_less, &[used, &[*who]].concat())
    })
}

/// Any policies, most of them with one that lets everybody ask for everything with approval, so that not
/// nearly everything is refused.
fn lively_policies() -> impl Strategy<Value = PolicySet> {
    let opened = any_policies().prop_map(|mut set| {
        set.eligibility.push(Versioned { version: 1, policy: with_approval("z") });
        set.approvers.push(Versioned { version: 1, policy: approver("z") });
        set
    });
    prop_oneof![1 => any_policies(), 4 => opened]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn under_any_policies_what_can_be_submitted_can_be_reviewed_by_whom_they_name_and_begins(
        set in lively_policies(), ask in any_ask(),
    ) {
        let wanted = wanted(&ask, &set);
        let Ok(request) = submitted(&ask, &set) else {
            prop_assert_eq!(wanted, None);
            return Ok(());
        };
        prop_assert!(wanted.is_some());
        let needed = wanted.unwrap_or_default();
        prop_assert_eq!(request.name() == "approved", needed.is_empty());
        for (who, _) in PEOPLE.iter().filter(|_| !needed.is_empty()) {
            let named = needed.iter().any(|(able, _)| able.contains(who));
            prop_assert_eq!(approved_by(&request, who, &ask, &set).is_ok(), named, "{}", who);
        }
        let request = reviewed(request, &ask, &set);
        prop_assert_eq!(request.name() == "approved", suffices(&needed, &[]));
        if request.name() == "approved" {
            prop_assert_eq!(activated(&request, &ask, &set), "activating");
        }
    }

    #[test]
    fn whatever_the_policies_become_nothing_passes_review_or_begins_that_could_not_be_submitted_now(
        first in lively_policies(), last in lively_policies(), ask in any_ask(),
    ) {
        let Ok(request) = submitted(&ask, &first) else { return Ok(()) };
        let now = wanted(&ask, &last);
        if request.name() == "pending" && now.is_none() {
            prop_assert_eq!(reviewed(request.clone(), &ask, &last).name(), "pending");
        }
        let by_policy = request.name() == "approved";
        let request = reviewed(request, &ask, &first);
        if request.name() == "approved" {
            // Who has their approval needs nobody any more who could give it.
            let lacks_only_reviewers = reference::answer(&ask, &last).iter().eq(["no-approver-policy"]);
            let begins = match now {
                Some(needed) => !by_policy || needed.is_empty(),
                None => !by_policy && lacks_only_reviewers,
            };
            prop_assert_eq!(activated(&request, &ask, &last), if begins { "activating" } else { "closed" });
        }
    }
}

#[test]
fn the_policies_that_are_tried_lead_to_every_step_often() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut refused, mut by_policy, mut by_people, mut in_vain) = (0, 0, 0, 0);
    for _ in 0..1_000 {
        let (set, ask) = (lively_policies(), any_ask()).new_tree(&mut runner).unwrap().current();
        match submitted(&ask, &set) {
            Err(_) => refused += 1,
            Ok(request) if request.name() == "approved" => by_policy += 1,
            Ok(request) if reviewed(request.clone(), &ask, &set).name() == "approved" => by_people += 1,
            Ok(_) => in_vain += 1,
        }
    }
    assert!(
        [refused, by_policy, by_people, in_vain].iter().all(|times| *times > 20),
        "{refused} {by_policy} {by_people} {in_vain}"
    );
}
