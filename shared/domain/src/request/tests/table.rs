//! Every state × every command, on one screen. The answer to each cell is in the snapshot; a new
//! state or command does not compile here until it has its row or column.

use super::given::{
    activate_freely, alarm, approve, block, close, deny, end, failure, given, lapse, observe, revoke, short,
    submit, warn, withdraw,
};
use super::sample::{
    And, History, activating, activation_failed, active, approval_by_a_lead, approved, auto_approved_from,
    closed_gone, closed_unused, end_started, ending, pending, pending_for, revocation_requested, revoked_by,
};
use crate::ledger::TroubleCode;
use crate::request::{
    AccessRequest, Command, Decision, EndCause, Ending, Outcome, Refusal, RequestEvent, RevokeRight, decide,
};

/// A state with its variants, and the minute at which the commands come.
fn rows() -> Vec<(&'static str, History, i64)> {
    let revoked =
        || active().and(10, revocation_requested("alice")).and(10, end_started(revoked_by("alice")));
    let failed = || activating().and(15, end_started(activation_failed()));
    let blocked = RequestEvent::EndBlocked { code: TroubleCode::AccountSuspended, detail: "why".into() };
    let denied = || closed_unused(Outcome::Denied);
    vec![
        ("absent", vec![], 1),
        ("pending", pending(), 1),
        ("pending, one of two", pending_for(&[("leads", 2)], &["bob"]), 6),
        ("pending, past its lapse", pending(), 480),
        ("approved", approved(), 6),
        ("approved, before its start", auto_approved_from(120), 119),
        ("approved, past its deadline", approved(), 20),
        ("activating", activating(), 1),
        ("activating, revoked", activating().and(1, revocation_requested("alice")), 2),
        ("activating, past its deadline", activating(), 15),
        ("active", active(), 30),
        ("active, warned", active().and(45, RequestEvent::ExpiryWarned {}), 46),
        ("active, revoked", active().and(30, revocation_requested("alice")), 31),
        ("active, past its end", active(), 60),
        ("ending, expired", ending(), 61),
        ("ending, revoked", revoked(), 11),
        ("ending, failed", failed(), 16),
        ("ending, removed by others", active().and(30, end_started(EndCause::RemovedOutOfBand)), 31),
        ("ending, requester disabled", active().and(30, end_started(EndCause::RequesterDisabled)), 31),
        ("ending, drained", active().and(30, end_started(EndCause::Drained)), 31),
        ("ending, blocked", ending().and(61, blocked), 62),
        ("ending, overdue", ending().and(65, RequestEvent::RemovalOverdue {}), 66),
        ("closed, denied", pending_for(&[("leads", 1)], &[]).and(5, bobs_denial()).and(5, denied()), 6),
        ("closed, withdrawn", pending().and(5, closed_unused(Outcome::Withdrawn)), 6),
        ("closed, lapsed", pending().and(480, closed_unused(Outcome::Lapsed)), 481),
        ("closed, failed", failed().and(17, closed_gone(Outcome::Failed, 17)), 18),
        ("closed, expired", ending().and(62, closed_gone(Outcome::Expired, 62)), 63),
        ("closed, revoked", revoked().and(12, closed_gone(Outcome::Revoked, 12)), 13),
    ]
}

fn bobs_denial() -> RequestEvent {
    super::sample::reviewed("bob", Decision::Deny, super::sample::minute(5))
}

/// The first command, and the one after each: all of them in a row.
fn columns(now: i64) -> Vec<(&'static str, Command)> {
    std::iter::successors(following(None, now), |(_, command)| following(Some(command), now)).collect()
}

fn following(command: Option<&Command>, now: i64) -> Option<(&'static str, Command)> {
    let policies = approval_by_a_lead;
    let next = match command {
        None => ("submit", Command::Submit(Box::new(submit(policies())))),
        Some(Command::Submit(_)) => ("approve", approve("bob", policies(), now)),
        Some(Command::Review(facts)) => match facts.decision {
            Decision::Approve => ("deny", deny("bob", policies(), now)),
            Decision::Deny => ("withdraw", withdraw("alice", now)),
        },
        Some(Command::Withdraw { .. }) => ("revoke", revoke("alice", RevokeRight::None)),
        Some(Command::Revoke { .. }) => ("lapse", lapse(now)),
        Some(Command::Lapse { .. }) => ("activate", activate_freely(now)),
        Some(Command::StartActivation(_)) => ("observe", observe(now)),
        Some(Command::ObserveActive { .. }) => ("warn", warn(now)),
        Some(Command::WarnOfExpiry { .. }) => ("expire", end(Ending::Expiry, now)),
        Some(Command::StartEnd { cause, .. }) => after_ending(cause, now),
        Some(Command::MarkBlocked { .. }) => ("alarm", alarm(now)),
        Some(Command::AlarmOverdue { .. }) => ("close", close(now)),
        Some(Command::Close { .. }) => return None,
    };
    Some(next)
}

fn after_ending(cause: &Ending, now: i64) -> (&'static str, Command) {
    match cause {
        Ending::Expiry => ("end revoked", end(Ending::Revocation, now)),
        Ending::Revocation => ("fail", end(failure(TroubleCode::ActivationDeadline), now)),
        Ending::ActivationFailure { .. } => ("out of band", end(Ending::RemovedOutOfBand, now)),
        Ending::RemovedOutOfBand => ("disabled", end(Ending::RequesterDisabled, now)),
        Ending::RequesterDisabled => ("drain", end(Ending::Drained, now)),
        Ending::Drained => ("block", block(TroubleCode::AccountSuspended)),
    }
}

fn cell(answer: Result<Vec<RequestEvent>, Refusal>) -> String {
    match answer {
        Ok(events) if events.is_empty() => "-".to_owned(),
        Ok(events) => events.iter().map(brief).collect::<Vec<_>>().join("+"),
        Err(Refusal::WrongState { .. }) => "x".to_owned(),
        Err(refusal) => format!("x {}", refusal.code()),
    }
}

/// As short as it can be read.
fn brief(event: &RequestEvent) -> String {
    let words = [
        ("activation-started", "started"),
        ("removal-overdue", "overdue"),
        ("revocation-requested", "rev-req"),
        ("expiry-warned", "warned"),
        ("end-blocked", "blocked"),
        ("end-started", "end"),
    ];
    words.iter().fold(short(event), |name, (long, word)| name.replace(long, word))
}

/// The rows, with the header first; every cell in them is text.
fn table(title: &str, chosen: std::ops::Range<usize>) -> String {
    let pick = |all: Vec<(&'static str, Command)>| all.into_iter().skip(chosen.start).take(chosen.len());
    let mut lines = vec![
        [title.to_owned()].into_iter().chain(pick(columns(0)).map(|(name, _)| name.to_owned())).collect(),
    ];
    for (name, history, now) in rows() {
        let request = given(history).request;
        let cells = pick(columns(now)).map(|(_, command)| cell(decide(&request, &command)));
        lines.push([name.to_owned()].into_iter().chain(cells).collect());
    }
    aligned(&lines)
}

/// Columns as wide as their widest cell.
pub(crate) fn aligned(lines: &[Vec<String>]) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].len()).max().unwrap_or_default();
    let padded = |(column, cell): (usize, &String)| format!("{cell:<width$}", width = width(column));
    let line = |line: &Vec<String>| line.iter().enumerate().map(padded).collect::<Vec<_>>().join(" | ");
    lines.iter().map(|cells| line(cells).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_command_in_every_state_does_what_the_table_says() {
    let all = columns(0).len();
    let legend = "- nothing changes (a repeat)   x refused: wrong-state   x code: refused, with this code";
    let people = table("what people ask for", 0..5);
    let system = table("what the system does", 5..all);
    insta::assert_snapshot!("every_state_and_command", format!("{legend}\n\n{people}\n\n{system}"));
}

#[test]
fn the_table_has_a_row_for_every_state_every_outcome_and_every_cause_of_an_end() {
    let requests: Vec<_> = rows().into_iter().map(|(_, history, _)| given(history).request).collect();
    let states: Vec<_> = requests.iter().map(AccessRequest::name).collect();
    for request in &requests {
        assert!(next_state(request).is_none_or(|name| states.contains(&name)), "{request:?}");
    }
    let outcomes: Vec<_> = requests.iter().filter_map(outcome).collect();
    for outcome in &outcomes {
        assert!(next_outcome(*outcome).is_none_or(|next| outcomes.contains(&next)), "{outcome:?}");
    }
    assert_eq!((states.first(), outcomes.first()), (Some(&"absent"), Some(&Outcome::Denied)));
    let mut causes: Vec<_> = requests.iter().filter_map(cause).collect();
    causes.dedup();
    assert_eq!(causes, [0, 1, 2, 3, 4, 5, 0]);
}

fn next_state(request: &AccessRequest) -> Option<&'static str> {
    match request {
        AccessRequest::Absent => Some("pending"),
        AccessRequest::Pending(_) => Some("approved"),
        AccessRequest::Approved(_) => Some("activating"),
        AccessRequest::Activating(_) => Some("active"),
        AccessRequest::Active(_) => Some("ending"),
        AccessRequest::Ending(_) => Some("closed"),
        AccessRequest::Closed(_) => None,
    }
}

fn next_outcome(outcome: Outcome) -> Option<Outcome> {
    match outcome {
        Outcome::Denied => Some(Outcome::Withdrawn),
        Outcome::Withdrawn => Some(Outcome::Lapsed),
        Outcome::Lapsed => Some(Outcome::Failed),
        Outcome::Failed => Some(Outcome::Expired),
        Outcome::Expired => Some(Outcome::Revoked),
        Outcome::Revoked => None,
    }
}

fn outcome(request: &AccessRequest) -> Option<Outcome> {
    if let AccessRequest::Closed(closed) = request { Some(closed.outcome) } else { None }
}

/// The cause's number, in the order of the rows.
fn cause(request: &AccessRequest) -> Option<u8> {
    let AccessRequest::Ending(ending) = request else { return None };
    Some(match &ending.cause {
        EndCause::Expired => 0,
        EndCause::Revoked { .. } => 1,
        EndCause::ActivationFailed { .. } => 2,
        EndCause::RemovedOutOfBand => 3,
        EndCause::RequesterDisabled => 4,
        EndCause::Drained => 5,
    })
}
