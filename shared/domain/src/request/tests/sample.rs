//! The people, the verdicts and the histories that the tests tell of.
//!
//! Alice asks for administrator access to production. Bob and Carol lead her team, Dan and Erin look
//! after security. Time is counted in minutes from her request.

use crate::ledger::TroubleCode;
use chrono::{TimeDelta, TimeZone, Utc};

use crate::directory::Subject;
use crate::ids::{PermissionSetArn, RequestId, Target, UserId};
use crate::policy::{AppliedRequirement, Outcome as Says, People, PolicyRef, Reason, Verdict};
use crate::request::{
    Approval, Decision, EndCause, Evidence, Labels, Outcome, RequestEvent, Review, Submission, Window,
};
use crate::text::{Justification, PolicyName};
use crate::time::{Instant, Minutes};

/// Events with the instants they were recorded at.
pub(crate) type History = Vec<(Instant, RequestEvent)>;

pub(crate) fn minute(minutes: i64) -> Instant {
    Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).unwrap() + TimeDelta::minutes(minutes)
}

pub(crate) fn user(name: &str) -> UserId {
    name.parse().unwrap()
}

/// A person as the directory shows them now.
pub(crate) fn person(name: &str) -> Subject {
    let groups: &[&str] = match name {
        "bob" | "carol" => &["leads"],
        "dan" | "erin" => &["security"],
        "grace" => &["leads", "security"],
        _ => &[],
    };
    let groups = groups.iter().map(|group| group.parse().unwrap()).collect();
    Subject { id: user(name), enabled: true, groups }
}

pub(crate) fn request_id(number: u128) -> RequestId {
    RequestId(uuid::Uuid::from_u128(number))
}

pub(crate) fn target() -> Target {
    Target {
        account: "111122223333".parse().unwrap(),
        permission_set: PermissionSetArn::parse("arn:aws:sso:::permissionSet/ssoins-1/ps-admin").unwrap(),
    }
}

/// Alice's request for an hour, as soon as possible; it lapses after eight.
pub(crate) fn submission() -> Submission {
    Submission {
        id: request_id(1),
        requester: user("alice"),
        target: target(),
        labels: Labels {
            requester: "Alice".to_owned(),
            account: "prod".to_owned(),
            path: vec!["Root".to_owned(), "Production".to_owned()],
            permission_set: "AdministratorAccess".to_owned(),
        },
        start: None,
        duration_minutes: Minutes(60),
        justification: Some(Justification::parse("INC-1: fix: step 2").unwrap()),
        ticket: None,
        batch: None,
        lapses_at: minute(480),
        body_hash: "hash".to_owned(),
    }
}

pub(crate) fn policy(id: &str) -> PolicyRef {
    PolicyRef { id: id.parse().unwrap(), version: 3, name: PolicyName::parse(id).unwrap() }
}

fn verdict(outcome: Says) -> Verdict {
    Verdict { policy_set_version: 7, outcome, guardrails: vec![], session_duration_minutes: Minutes(120) }
}

pub(crate) fn free_for(longest: u32) -> Verdict {
    verdict(Says::NoApprovalNeeded { eligibility: policy("on-call"), max_duration_minutes: Minutes(longest) })
}

pub(crate) fn no_approval_needed() -> Verdict {
    free_for(240)
}

/// So many people of each of these groups have to approve.
pub(crate) fn approval_by(requirements: &[(&str, u8)]) -> Verdict {
    let people = |group: &str| People { groups: [group.parse().unwrap()].into(), ..People::default() };
    let requirement = |(index, (group, quorum)): (u16, &(&str, u8))| AppliedRequirement {
        policy: policy(group),
        index,
        reviewers: people(group),
        quorum: *quorum,
        portal_only: false,
    };
    verdict(Says::ApprovalNeeded {
        eligibility: policy("developers"),
        max_duration_minutes: Minutes(240),
        requirements: (0..).zip(requirements).map(requirement).collect(),
        notify: People::default(),
    })
}

pub(crate) fn approval_by_a_lead() -> Verdict {
    approval_by(&[("leads", 1)])
}

pub(crate) fn ineligible() -> Verdict {
    ineligible_for(vec![Reason::NoEligibilityPolicy])
}

pub(crate) fn ineligible_for(reasons: Vec<Reason>) -> Verdict {
    verdict(Says::Ineligible { reasons })
}

pub(crate) fn requested(verdict: Verdict) -> RequestEvent {
    RequestEvent::Requested { submission: Box::new(submission()), verdict, joined: None }
}

pub(crate) fn reviewed(reviewer: &str, decision: Decision, at: Instant) -> RequestEvent {
    let (reviewer, label) = (user(reviewer), reviewer.to_owned());
    let review = Review { reviewer, label, decision, comment: None, at, through: None };
    RequestEvent::Reviewed { review }
}

pub(crate) fn approved_by(reviewers: &[&str]) -> RequestEvent {
    let reviewers = reviewers.iter().map(|name| user(name)).collect();
    RequestEvent::Approved { approval: Approval::Reviewers { policy_set_version: 7, reviewers } }
}

/// Waiting for one of the leads.
pub(crate) fn pending() -> History {
    vec![(minute(0), requested(approval_by_a_lead()))]
}

/// Waiting for these people; who is named approved after five minutes.
pub(crate) fn pending_for(requirements: &[(&str, u8)], approvals: &[&str]) -> History {
    let reviews = approvals.iter().map(|name| (minute(5), reviewed(name, Decision::Approve, minute(5))));
    [(minute(0), requested(approval_by(requirements)))].into_iter().chain(reviews).collect()
}

/// Approved by Bob after five minutes.
pub(crate) fn approved() -> History {
    let mut history = pending_for(&[("leads", 1)], &["bob"]);
    history.push((minute(5), approved_by(&["bob"])));
    history
}

/// Approved by policy, at once.
pub(crate) fn auto_approved() -> History {
    vec![
        (minute(0), requested(no_approval_needed())),
        (minute(0), RequestEvent::Approved { approval: Approval::Policy }),
    ]
}

/// Approved by policy, to start at this minute.
pub(crate) fn auto_approved_from(start: i64) -> History {
    let mut history = auto_approved();
    if let Some((_, RequestEvent::Requested { submission, .. })) = history.first_mut() {
        submission.start = Some(minute(start));
    }
    history
}

/// Access from the start to minute 60 was begun.
pub(crate) fn activating() -> History {
    let started = RequestEvent::ActivationStarted {
        window: Window { starts_at: minute(0), expires_at: minute(60) },
        deadline: minute(15),
        joined: None,
        open_sessions_until: minute(180),
    };
    auto_approved().and(0, started)
}

/// … and observed a minute later.
pub(crate) fn active() -> History {
    activating().and(1, RequestEvent::Activated {})
}

/// … and ended at its time.
pub(crate) fn ending() -> History {
    active().and(60, end_started(EndCause::Expired))
}

pub(crate) fn end_started(cause: EndCause) -> RequestEvent {
    RequestEvent::EndStarted { cause }
}

pub(crate) fn revoked_by(name: &str) -> EndCause {
    EndCause::Revoked { by: user(name), label: name.to_owned(), comment: None }
}

pub(crate) fn revocation_requested(name: &str) -> RequestEvent {
    RequestEvent::RevocationRequested { by: user(name), label: name.to_owned(), comment: None }
}

pub(crate) fn activation_failed() -> EndCause {
    EndCause::ActivationFailed { code: TroubleCode::ActivationDeadline, detail: String::new() }
}

/// Closed before any access.
pub(crate) fn closed_unused(outcome: Outcome) -> RequestEvent {
    RequestEvent::Closed { outcome, reason: None, evidence: None, open_sessions_until: None }
}

/// Closed because the assignment was seen gone at this minute.
pub(crate) fn closed_gone(outcome: Outcome, gone: i64) -> RequestEvent {
    RequestEvent::Closed {
        outcome,
        reason: None,
        evidence: Some(Evidence::ObservedGone { at: minute(gone) }),
        open_sessions_until: Some(minute(gone + 120)),
    }
}

/// Histories that grow.
pub(crate) trait And {
    fn and(self, minutes: i64, event: RequestEvent) -> Self;
}

impl And for History {
    fn and(mut self, minutes: i64, event: RequestEvent) -> Self {
        self.push((minute(minutes), event));
        self
    }
}
