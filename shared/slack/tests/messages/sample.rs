//! Alice asks for administrator access to an account whose name is not nice to whoever renders it. Bob and Carol
//! may approve it, two of them must.

use std::collections::BTreeSet;

use chrono::{TimeDelta, TimeZone, Utc};
use kari_domain::directory::{Account, AccountStatus, OrganizationalUnit, PermissionSet, Snapshot, User};
use kari_domain::ids::{BatchId, PermissionSetArn, RequestId, Target, UserId};
use kari_domain::ledger::TroubleCode;
use kari_domain::policy::{AppliedRequirement, Outcome as Says, People, PolicyRef, Verdict};
use kari_domain::request::{
    AccessRequest, Approval, Decision, EndCause, Evidence, FailureReason, Labels, Outcome, RequestEvent,
    Review, Submission, Window, evolve,
};
use kari_domain::text::{Comment, Justification, PolicyName, Ticket};
use kari_domain::time::{Instant, Minutes};
use uuid::Uuid;

/// What nobody may be able to do to a message.
pub(crate) const UNKIND: &str = "INC-1: fix: step 2\n<!channel> *bold* _it_ `code` & <https://evil.example|click> \
     :smile: 🙂 障害対応のため本番を確認します";

pub(crate) fn minute(minutes: i64) -> Instant {
    Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).unwrap() + TimeDelta::minutes(minutes)
}

pub(crate) fn user(name: &str) -> UserId {
    name.parse().unwrap()
}

pub(crate) fn snapshot() -> Snapshot {
    let person = |(id, name): (&str, &str)| User {
        id: user(id),
        user_name: id.to_owned(),
        display_name: name.to_owned(),
        email: Some(format!("{id}@example.com")),
        enabled: true,
    };
    let people = [("alice", "Alice <!here>"), ("bob", "Bob"), ("carol", "佐藤 花子")].map(person);
    let unit = |(id, name, parent): (&str, &str, Option<&str>)| OrganizationalUnit {
        id: id.parse().unwrap(),
        name: name.to_owned(),
        parent: parent.map(|parent| parent.parse().unwrap()),
    };
    let units = [("r-1", "Root", None), ("ou-1", "Production & more", Some("r-1"))].map(unit);
    let account = Account {
        id: "111122223333".parse().unwrap(),
        name: "payments *prod*".to_owned(),
        status: AccountStatus::Active,
        management: false,
        left_out: None,
        path: ["r-1", "ou-1"].map(|id| id.parse().unwrap()).into(),
    };
    let set = PermissionSet {
        arn: set(),
        name: "AdministratorAccess".to_owned(),
        description: String::new(),
        session_duration: Minutes(240),
    };
    Snapshot {
        users: people.map(|person| (person.id.clone(), person)).into(),
        units: units.map(|unit| (unit.id.clone(), unit)).into(),
        accounts: [(account.id.clone(), account)].into(),
        permission_sets: [(set.arn.clone(), set)].into(),
        ..Snapshot::default()
    }
}

pub(crate) fn set() -> PermissionSetArn {
    PermissionSetArn::parse("arn:aws:sso:::permissionSet/ssoins-1/ps-admin").unwrap()
}

pub(crate) fn submission(number: u128) -> Submission {
    Submission {
        id: RequestId(Uuid::from_u128(number)),
        requester: user("alice"),
        target: Target { account: "111122223333".parse().unwrap(), permission_set: set() },
        labels: Labels {
            requester: "Alice".to_owned(),
            account: "prod".to_owned(),
            path: vec!["Root".to_owned()],
            permission_set: "AdministratorAccess".to_owned(),
        },
        start: None,
        duration_minutes: Minutes(60),
        justification: Some(Justification::parse(UNKIND).unwrap()),
        ticket: Some(Ticket::parse("INC-1 <b>").unwrap()),
        batch: None,
        lapses_at: minute(480),
        body_hash: String::new(),
    }
}

fn policy(name: &str) -> PolicyRef {
    PolicyRef { id: "leads".parse().unwrap(), version: 1, name: PolicyName::parse(name).unwrap() }
}

pub(crate) fn verdict() -> Verdict {
    let users: BTreeSet<UserId> = [user("bob"), user("carol")].into();
    let reviewers = People { users, ..People::default() };
    Verdict {
        policy_set_version: 1,
        outcome: Says::ApprovalNeeded {
            eligibility: policy("On call"),
            max_duration_minutes: Minutes(240),
            requirements: vec![AppliedRequirement {
                policy: policy("Leads & <friends>"),
                index: 0,
                reviewers,
                quorum: 2,
                portal_only: false,
            }],
            notify: People::default(),
        },
        guardrails: vec![],
        session_duration_minutes: Minutes(240),
    }
}

pub(crate) type Life = Vec<(i64, RequestEvent)>;

fn asked(submission: Submission) -> (i64, RequestEvent) {
    (0, RequestEvent::Requested { submission: Box::new(submission), verdict: verdict(), joined: None })
}

fn review(at: i64, by: &str, decision: Decision, comment: Option<&str>) -> (i64, RequestEvent) {
    let comment = comment.map(|comment| Comment::parse(comment).unwrap());
    let (reviewer, label) = (user(by), by.to_owned());
    let review = Review { reviewer, label, decision, comment, at: minute(at), through: None };
    (at, RequestEvent::Reviewed { review })
}

fn closed(at: i64, outcome: Outcome, evidence: Option<Evidence>) -> (i64, RequestEvent) {
    let open_sessions_until = evidence.is_some().then(|| minute(at + 240));
    (at, RequestEvent::Closed { outcome, reason: None, evidence, open_sessions_until })
}

fn granted(start: Option<Instant>) -> Life {
    let window = Window::new(start, Minutes(60), minute(12));
    let reviewers = vec![user("bob"), user("carol")];
    vec![
        asked(Submission { start, ..submission(1) }),
        review(5, "bob", Decision::Approve, Some("ok <@U1>")),
        review(10, "carol", Decision::Approve, None),
        (10, RequestEvent::Approved { approval: Approval::Reviewers { policy_set_version: 1, reviewers } }),
        (
            12,
            RequestEvent::ActivationStarted {
                window,
                deadline: minute(27),
                joined: None,
                open_sessions_until: window.expires_at + TimeDelta::hours(4),
            },
        ),
        (13, RequestEvent::Activated {}),
    ]
}

fn ended(cause: EndCause, rest: Life) -> Life {
    let mut life = granted(None);
    life.push((72, RequestEvent::EndStarted { cause }));
    life.extend(rest);
    life
}

/// Whole lives by name: together every event, every way to end and every cause is in them.
pub(crate) fn lives() -> Vec<(&'static str, Life)> {
    let gone = || Some(Evidence::ObservedGone { at: minute(75) });
    let revoked = EndCause::Revoked {
        by: user("bob"),
        label: "Bob".to_owned(),
        comment: Some(Comment::parse("that is *enough* <!channel>").unwrap()),
    };
    let failed = |code| EndCause::ActivationFailed { code, detail: "their words".to_owned() };
    let mut expired = granted(None);
    expired.extend([
        (57, RequestEvent::ExpiryWarned {}),
        (72, RequestEvent::EndStarted { cause: EndCause::Expired }),
        (73, RequestEvent::EndBlocked { code: TroubleCode::AccountSuspended, detail: String::new() }),
        (77, RequestEvent::RemovalOverdue {}),
        closed(80, Outcome::Expired, gone()),
    ]);
    let mut ended_early = granted(None);
    ended_early.extend([
        (30, RequestEvent::RevocationRequested { by: user("bob"), label: "Bob".to_owned(), comment: None }),
        (30, RequestEvent::EndStarted { cause: revoked }),
        closed(31, Outcome::Revoked, gone()),
    ]);
    let by_policy = vec![
        asked(submission(1)),
        (0, RequestEvent::Approved { approval: Approval::Policy }),
        (
            1,
            RequestEvent::Closed {
                outcome: Outcome::Failed,
                reason: Some(FailureReason::JoinedWindowTooLong { longest_minutes: Minutes(90) }),
                evidence: None,
                open_sessions_until: None,
            },
        ),
    ];
    let waiting = granted(Some(minute(1_440))).into_iter().take(4).collect();
    let mut unbegun: Life = granted(Some(minute(1_440))).into_iter().take(4).collect();
    unbegun.extend([
        (30, RequestEvent::RevocationRequested { by: user("bob"), label: "Bob".to_owned(), comment: None }),
        closed(30, Outcome::Revoked, None),
    ]);
    vec![
        ("expired", expired),
        ("ended-early", ended_early),
        (
            "denied",
            vec![
                asked(submission(1)),
                review(5, "carol", Decision::Deny, Some("not today: `rm -rf` <!here>")),
                closed(5, Outcome::Denied, None),
            ],
        ),
        ("withdrawn", vec![asked(submission(1)), closed(5, Outcome::Withdrawn, None)]),
        ("lapsed", vec![asked(submission(1)), closed(480, Outcome::Lapsed, None)]),
        ("failed-before", by_policy),
        ("failed", ended(failed(TroubleCode::QuotaExceeded), vec![closed(75, Outcome::Failed, gone())])),
        ("removed", ended(EndCause::RemovedOutOfBand, vec![closed(75, Outcome::Revoked, gone())])),
        (
            "disabled",
            ended(
                EndCause::RequesterDisabled,
                vec![closed(75, Outcome::Revoked, Some(Evidence::HeldByAnother))],
            ),
        ),
        (
            "drained",
            ended(EndCause::Drained, vec![closed(75, Outcome::Revoked, Some(Evidence::PreExisting))]),
        ),
        ("waits-for-its-start", waiting),
        ("ended-unbegun", unbegun),
    ]
}

/// The request after so many events of a life.
pub(crate) fn after(life: &Life, events: usize) -> AccessRequest {
    let told = life.iter().take(events);
    told.fold(AccessRequest::Absent, |state, (at, event)| evolve(state, minute(*at), event).unwrap())
}

/// One of a batch, in this account.
pub(crate) fn of_batch(number: u128, account: &str) -> AccessRequest {
    after(&vec![asked(in_batch(number, account))], 1)
}

/// The same, with its access in place.
pub(crate) fn active_of_batch(number: u128, account: &str) -> AccessRequest {
    of_batch_after(number, account, "expired", 6)
}

/// The same after so many events of this life.
pub(crate) fn of_batch_after(number: u128, account: &str, life: &str, events: usize) -> AccessRequest {
    let (_, mut life) = lives().into_iter().find(|(name, _)| *name == life).unwrap();
    life[0] = asked(in_batch(number, account));
    after(&life, events)
}

fn in_batch(number: u128, account: &str) -> Submission {
    let target = Target { account: account.parse().unwrap(), permission_set: set() };
    let labels = Labels { account: format!("account {number}"), ..submission(1).labels };
    let batch = Some(BatchId(Uuid::from_u128(900)));
    Submission { target, labels, batch, ..submission(number) }
}

/// The longest reason there is, in this character.
pub(crate) fn long_winded(character: &str) -> AccessRequest {
    let reason = Justification::parse(&character.repeat(1_000)).unwrap();
    after(&vec![asked(Submission { justification: Some(reason), ..submission(1) })], 1)
}

/// Approved with these remarks of its reviewers.
pub(crate) fn commented(remarks: &[(&str, &str)]) -> AccessRequest {
    let reviews = remarks.iter().map(|(by, words)| review(5, by, Decision::Approve, Some(*words)));
    let reviewers = remarks.iter().map(|(by, _)| user(by)).collect();
    let approval = Approval::Reviewers { policy_set_version: 1, reviewers };
    let mut life: Life = vec![asked(submission(1))];
    life.extend(reviews);
    life.push((10, RequestEvent::Approved { approval }));
    after(&life, life.len())
}
