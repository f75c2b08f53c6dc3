//! A request with the ledger of its tuple, driven by random people, a clock that hops, and an Identity
//! Center that answers well or badly. What drives it is `plan`, as in the application.

use crate::ledger::TroubleCode;
use chrono::TimeDelta;
use proptest::prelude::*;

use super::given::{
    activate, alarm, approve_after, block, deny, end, failure, lapse, observe, revoke, start, submit, warn,
    with_target, withdraw,
};
use super::sample::{
    History, approval_by, approval_by_a_lead, free_for, ineligible, minute, no_approval_needed, person,
    request_id,
};
use crate::ledger::{self, Ledger, LedgerEvent, LedgerStep, Looked, ProvenAbsence};
use crate::policy::Verdict;
use crate::request::{AccessRequest, Command, Ending, RequestEvent, RevokeRight, Step, decide, evolve, plan};
use crate::time::{Instant, Minutes};

pub(super) const WARNING: Minutes = Minutes(15);
const PEOPLE: [&str; 6] = ["alice", "bob", "carol", "dan", "grace", "zoe"];

/// Something that happens.
#[derive(Debug, Clone, Copy)]
pub(super) enum Move {
    /// The command with this number, whoever gives it, at a right or a wrong time.
    Command { number: u8, who: usize, policies: u8 },
    /// `advance` is called; Identity Center answers well or badly.
    Advance { policies: u8, answer: u8 },
    /// Another request joins or leaves the same tuple.
    Other { joins: bool, listed: bool },
    /// The assignment is not found any more.
    Missing,
}

pub(super) fn moves() -> impl Strategy<Value = Vec<(i64, Move)>> {
    let wait = prop_oneof![6 => 0_i64..120, 3 => 120_i64..1_800, 1 => 1_800_i64..40_000];
    let one = prop_oneof![
        6 => (0_u8..19, 0..PEOPLE.len(), 0_u8..12)
            .prop_map(|(number, who, policies)| Move::Command { number, who, policies }),
        12 => (0_u8..12, 0_u8..12).prop_map(|(policies, answer)| Move::Advance { policies, answer }),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(joins, listed)| Move::Other { joins, listed }),
        1 => Just(Move::Missing),
    ];
    prop::collection::vec((wait, one), 1..60)
}

/// Mostly the policies that were there at submission.
fn verdict(policies: u8, usual: &Verdict) -> Verdict {
    match policies {
        0 => ineligible(),
        1 => approval_by_a_lead(),
        2 => approval_by(&[("leads", 2)]),
        3 => free_for(60),
        4.. => usual.clone(),
    }
}

fn first_verdict(policies: u8) -> Verdict {
    match policies % 4 {
        0 => no_approval_needed(),
        1 => approval_by_a_lead(),
        2 => approval_by(&[("leads", 1), ("security", 1)]),
        3.. => approval_by(&[("leads", 2)]),
    }
}

pub(super) struct World {
    pub(super) request: AccessRequest,
    pub(super) ledger: Ledger,
    pub(super) now: Instant,
    pub(super) recorded: History,
    usual: Verdict,
}

impl World {
    /// Alice has just asked; the policies say this.
    pub(super) fn new(policies: u8) -> Self {
        let usual = first_verdict(policies);
        let (request, ledger) = (AccessRequest::Absent, Ledger::default());
        let mut world = Self { request, ledger, now: minute(0), recorded: vec![], usual };
        world.decide(&Command::Submit(Box::new(submit(world.usual.clone()))));
        world
    }

    pub(super) fn go(&mut self, wait: i64, what: Move) {
        self.now += TimeDelta::seconds(wait);
        match what {
            Move::Command { number, who, policies } => {
                let command = self.command(number, PEOPLE[who], policies);
                self.apply(&command, false);
            }
            Move::Advance { policies, answer } => self.advance(policies, answer),
            Move::Other { joins: true, listed } => self.join(2, self.now + TimeDelta::hours(1), listed),
            Move::Other { joins: false, .. } => {
                let left = ledger::leave(&self.ledger, request_id(2));
                self.record_ledger(&left);
            }
            Move::Missing => {
                let missing = ledger::observe_missing(&self.ledger, self.now);
                self.record_ledger(&missing);
            }
        }
    }

    /// The events of a command that is not refused; each of them can follow.
    fn decide(&mut self, command: &Command) -> Vec<RequestEvent> {
        let events = decide(&self.request, command).unwrap_or_default();
        for event in &events {
            self.request = evolve(self.request.clone(), self.now, event).expect("what is decided can follow");
            self.recorded.push((self.now, event.clone()));
        }
        events
    }

    fn record_ledger(&mut self, events: &[LedgerEvent]) {
        for event in events {
            self.ledger = ledger::evolve(self.ledger.clone(), self.now, event).expect("it can follow");
        }
    }

    fn command(&self, number: u8, who: &str, policies: u8) -> Command {
        let verdict = verdict(policies, &self.usual);
        let right = if policies.is_multiple_of(2) { RevokeRight::None } else { RevokeRight::Reviewer };
        let command = match number {
            0 => Command::Submit(Box::new(submit(verdict))),
            1..=5 => reviewed_by(policies, self.approval(who, verdict)),
            6 => reviewed_by(policies, deny(who, verdict, 0)),
            7 => withdraw(who, 0),
            8 => revoke(who, right),
            9 => lapse(0),
            10 => activate(start(verdict, 0)),
            11 => observe(0),
            12 => warn(0),
            13 => end(Ending::Expiry, 0),
            14 => end(Ending::Revocation, 0),
            15 => end(Ending::RequesterDisabled, 0),
            16 => block(TroubleCode::AccountSuspended),
            17 => alarm(0),
            // Only what the ledger shows closes a request; a refused kind of end otherwise.
            18.. => end(failure(TroubleCode::ActivationDeadline), 0),
        };
        at(command, self.now)
    }

    fn approval(&self, who: &str, verdict: Verdict) -> Command {
        let reviews = self.request.asked().map(|asked| asked.reviews.clone()).unwrap_or_default();
        let earlier: Vec<_> = reviews.iter().map(|review| person(review.reviewer.as_str())).collect();
        approve_after(&earlier, who, verdict)
    }

    /// The command of a plan's step that is one.
    pub(super) fn planned(&self, step: &Step, policies: u8) -> Option<Command> {
        let command = match step.clone() {
            Step::Rest | Step::Wait(..) | Step::Settle(_) | Step::VerifyPresence => return None,
            Step::Lapse => lapse(0),
            Step::Activate => activate(start(verdict(policies, &self.usual), 0)),
            Step::ObserveActive => observe(0),
            Step::WarnOfExpiry => warn(0),
            Step::StartEnd(cause) => end(cause, 0),
            Step::AlarmOverdue => alarm(0),
            Step::MarkBlocked { code, detail } => Command::MarkBlocked { code, detail },
            Step::Close { evidence, gone_at } => Command::Close { evidence, gone_at },
        };
        Some(at(command, self.now))
    }

    pub(super) fn step(&self) -> Step {
        plan(&self.request, &self.ledger, WARNING, self.now)
    }

    pub(super) fn advance(&mut self, policies: u8, answer: u8) {
        let step = self.step();
        let Some(command) = self.planned(&step, policies) else { return self.settle(&step, answer) };
        self.apply(&command, answer == 0);
    }

    /// What is decided, with joining and leaving the tuple in the same append.
    fn apply(&mut self, command: &Command, listed: bool) {
        // Whether it is too late is decided first; only what starts has to be able to join.
        let starts = decide(&self.request, command)
            .is_ok_and(|events| matches!(events.as_slice(), [RequestEvent::ActivationStarted { .. }]));
        if starts && ledger::join(&self.ledger, request_id(1), self.now, Looked::Listed, self.now).is_err() {
            return;
        }
        let events = self.decide(command);
        if let [RequestEvent::ActivationStarted { window, .. }] = events.as_slice() {
            self.join(1, window.expires_at, listed);
        }
        if let [RequestEvent::EndStarted { .. }] = events.as_slice() {
            self.leave();
        }
    }

    fn join(&mut self, request: u128, ends_at: Instant, listed: bool) {
        let looked = if listed { Looked::Listed } else { Looked::NotListed };
        let joined =
            ledger::join(&self.ledger, request_id(request), ends_at, looked, self.now).unwrap_or_default();
        self.record_ledger(&joined);
    }

    fn leave(&mut self) {
        let left = ledger::leave(&self.ledger, request_id(1));
        self.record_ledger(&left);
    }

    /// What the application does about the tuple; with 3 or more Identity Center answers well.
    fn settle(&mut self, step: &Step, answer: u8) {
        let operation = || "operation".parse().unwrap();
        let failed = |code: TroubleCode| LedgerEvent::TroubleNoted { code, detail: String::new() };
        let events = match (ledger::plan(&self.ledger, self.now), step, answer) {
            (_, Step::VerifyPresence, _) => ledger::observe_present(&self.ledger),
            (LedgerStep::Create | LedgerStep::Delete, _, 1) => vec![failed(TroubleCode::AccountSuspended)],
            (LedgerStep::Create | LedgerStep::Delete, _, 2) => vec![failed(TroubleCode::Throttled)],
            (LedgerStep::Create, ..) => vec![LedgerEvent::CreationAccepted { operation: operation() }],
            (LedgerStep::Delete, ..) => vec![LedgerEvent::RemovalAccepted { operation: operation() }],
            (LedgerStep::AwaitCreation(_), ..) => vec![LedgerEvent::PresenceObserved {}],
            (LedgerStep::AwaitRemoval(_), _, 0) => {
                vec![LedgerEvent::AbsenceProven { proof: ProvenAbsence::User }]
            }
            (LedgerStep::AwaitRemoval(_), ..) => vec![LedgerEvent::AbsenceObserved {}],
            (LedgerStep::ConfirmAbsence, ..) => {
                ledger::confirm_absence(&self.ledger, Looked::NotListed, self.now)
            }
            (LedgerStep::EndWatch, ..) => vec![LedgerEvent::WatchEnded {}],
            (LedgerStep::LeaveOverdue, ..) => ledger::leave_overdue(&self.ledger, self.now),
            (LedgerStep::EndHolders, ..) => ledger::leave(&self.ledger, request_id(2)),
            (LedgerStep::AlarmOverdue, ..) => vec![LedgerEvent::RemovalOverdue {}],
            (LedgerStep::Wait(_) | LedgerStep::WaitBlocked(_) | LedgerStep::Rest, ..) => vec![],
        };
        self.record_ledger(&events);
    }
}

/// A review, where other people may have come to review the target.
fn reviewed_by(policies: u8, review: Command) -> Command {
    match policies {
        0 | 3 => with_target(review, &approval_by(&[("security", 1)])),
        1 | 2 | 4.. => review,
    }
}

/// The same command, now.
fn at(command: Command, now: Instant) -> Command {
    match command {
        Command::Submit(mut submit) => {
            submit.now = now;
            Command::Submit(submit)
        }
        Command::Review(mut facts) => {
            facts.now = now;
            Command::Review(facts)
        }
        Command::StartActivation(mut facts) => {
            facts.now = now;
            Command::StartActivation(facts)
        }
        Command::Withdraw { by, .. } => Command::Withdraw { by, now },
        Command::Lapse { .. } => Command::Lapse { now },
        Command::ObserveActive { .. } => Command::ObserveActive { now },
        Command::WarnOfExpiry { .. } => Command::WarnOfExpiry { now },
        Command::StartEnd { cause, .. } => Command::StartEnd { cause, now },
        Command::AlarmOverdue { .. } => Command::AlarmOverdue { now },
        Command::Revoke { .. } | Command::MarkBlocked { .. } | Command::Close { .. } => command,
    }
}
