//! Every tuple's ledger, replayed event by event, with what its ownership rested on.

use chrono::TimeDelta;
use kari_application::ports::StreamAppend;
use kari_domain::audit::{Envelope, parse};
use kari_domain::ids::Tuple;
use kari_domain::ledger::{Absence, Ledger, LedgerEvent, Presence, evolve};
use kari_domain::time::{Instant, LATE_CREATION_WATCH};

use std::collections::BTreeSet;

use super::Watch;
use crate::coverage::Struck;
use crate::tasks::TaskId;

/// What is known of a tuple.
#[derive(Debug, Default)]
pub struct LedgerWatch {
    pub ledger: Ledger,
    pub events: Vec<(Instant, LedgerEvent)>,
    /// How ownership was decided each time, the latest last.
    pub epochs: Vec<Epoch>,
    /// Somebody else removed it, or its user is gone, since it was last created or found.
    pub tampered_at: Option<Instant>,
}

/// A decision about ownership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epoch {
    pub at: Instant,
    pub decided: Decided,
}

/// What it rested on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// Ours, because this look did not find it.
    OursByLook(Instant),
    /// Ours without a look, because we removed it a moment ago.
    OursByMemory,
    /// There before us.
    Found,
}

impl LedgerWatch {
    /// When deletions of ours began, or were seen to have worked, up to an instant.
    pub(super) fn deletions_before(&self, limit: Instant) -> impl Iterator<Item = Instant> {
        let ours = |event: &LedgerEvent| {
            matches!(event, LedgerEvent::RemovalStarted { .. } | LedgerEvent::AbsenceObserved {})
        };
        self.events.iter().filter(move |(at, event)| *at <= limit && ours(event)).map(|(at, _)| *at)
    }

    /// While it is being created: when somebody joined last.
    pub(super) fn creates_for(&self) -> Option<Instant> {
        let joined = |event: &LedgerEvent| matches!(event, LedgerEvent::HolderJoined { .. });
        let last = self.events.iter().rev().find(|(_, event)| joined(event)).map(|(at, _)| *at);
        last.filter(|_| matches!(self.ledger.presence, Presence::Creating { .. }))
    }

    /// Whether what was there before us was known to be missing, when it was looked for last.
    pub(super) fn is_known_missing(&self) -> bool {
        let events = self.events.iter().rev().map(|(_, event)| event);
        let mut since_found = events.take_while(|event| !matches!(event, LedgerEvent::FoundPresent {}));
        let seen = since_found.find(|event| {
            matches!(event, LedgerEvent::VanishingObserved {} | LedgerEvent::PresenceObserved {})
        });
        matches!(seen, Some(LedgerEvent::VanishingObserved {}))
    }

    /// Whether nothing is left to do about it.
    pub fn rests(&self) -> bool {
        let absent = match &self.ledger.presence {
            Presence::Absent { absence: Absence::Unwatched } => true,
            Presence::Absent { absence } => {
                kari_domain::ledger::due(&self.ledger).is_none() && *absence != Absence::Unwatched
            }
            Presence::Creating { .. } | Presence::Present { .. } | Presence::Removing { .. } => false,
        };
        absent && self.ledger.holders.is_empty()
    }
}

/// Whether somebody holds it although their access has been over for a minute.
fn is_overstayed(ledger: &Ledger, at: Instant) -> bool {
    ledger.holders.values().any(|ends_at| *ends_at + TimeDelta::seconds(60) <= at)
}

impl Watch {
    pub(super) fn ledger_appended(&mut self, append: &StreamAppend, task: TaskId) {
        let tuple = append.stream.as_tuple().expect("a ledger's stream");
        let struck = self.coverage.struck(append.stream.as_str());
        for sealed in &append.events {
            let envelope: Envelope = serde_json::from_str(&sealed.bytes).unwrap();
            let event: LedgerEvent = parse(&envelope).unwrap();
            self.tell(|| {
                format!("{} {} {} {}", tuple.principal, tuple.target.account, envelope.kind, envelope.data)
            });
            self.ledger_evolved(&tuple, &envelope, &event, (task, &struck));
        }
    }

    fn ledger_evolved(
        &mut self,
        tuple: &Tuple,
        envelope: &Envelope,
        event: &LedgerEvent,
        (task, struck): (TaskId, &BTreeSet<Struck>),
    ) {
        let at = envelope.at;
        let look = self.looks.get(&(task, tuple.clone())).copied();
        self.check_truth();
        let there = self.truth.is_present(tuple);
        let known = self.ledgers.entry(tuple.clone()).or_default();
        let before = known.ledger.clone();
        let (before_name, mut covered) = (before.presence.name(), false);
        self.coverage.of_ledger(&before.presence, event.into(), struck);
        match event {
            LedgerEvent::CreationStarted {} => {
                let watched = !matches!(before.presence, Presence::Absent { absence: Absence::Unwatched });
                let decided = match look {
                    Some(look) if !watched => Decided::OursByLook(look),
                    Some(_) | None => Decided::OursByMemory,
                };
                known.epochs.push(Epoch { at, decided });
            }
            LedgerEvent::FoundPresent {} => {
                known.epochs.push(Epoch { at, decided: Decided::Found });
                known.tampered_at = None;
            }
            LedgerEvent::PresenceObserved {} if there => known.tampered_at = None,
            LedgerEvent::HolderJoined { .. } => covered = is_overstayed(&before, at),
            LedgerEvent::HolderLeft { .. }
            | LedgerEvent::CreationAccepted { .. }
            | LedgerEvent::CreationFailed { .. }
            | LedgerEvent::PresenceObserved {}
            | LedgerEvent::VanishingObserved {}
            | LedgerEvent::Released {}
            | LedgerEvent::RemovalStarted { .. }
            | LedgerEvent::RemovalAccepted { .. }
            | LedgerEvent::RemovalFailed { .. }
            | LedgerEvent::TroubleNoted { .. }
            | LedgerEvent::AbsenceObserved {}
            | LedgerEvent::AbsenceConfirmed {}
            | LedgerEvent::AbsenceProven { .. }
            | LedgerEvent::WatchEnded {}
            | LedgerEvent::DriftFound {}
            | LedgerEvent::DriftGone {}
            | LedgerEvent::RemovalOverdue {} => {}
        }
        if covered {
            self.violate("nobody joins a grant that should have left", format!("{tuple:?}"));
        }
        let known = self.ledgers.entry(tuple.clone()).or_default();
        match evolve(before, at, event) {
            Ok(after) => known.ledger = after,
            Err(error) => return self.violate("recorded events can be replayed", error.to_string()),
        }
        known.events.push((at, event.clone()));
        let looked_at = self.lists.get(&(task, tuple.target.clone())).copied().unwrap_or(at);
        self.check_not_put_back(tuple, before_name, event, looked_at);
    }

    /// What others removed is not created again, unless we removed it ourselves a moment ago.
    fn check_not_put_back(&mut self, tuple: &Tuple, before: &str, event: &LedgerEvent, looked_at: Instant) {
        if before != "present" || !matches!(event, LedgerEvent::CreationStarted {}) {
            return;
        }
        let deleted = self.ledgers[tuple].deletions_before(looked_at).max();
        let ours = deleted.is_some_and(|then| then + LATE_CREATION_WATCH > looked_at);
        if !ours {
            self.violate("what others removed stays removed", format!("{tuple:?}"));
        }
    }

    /// Who holds a tuple is activating or active, and the other way round.
    pub(super) fn check_holders(&mut self) {
        let mut wrong = vec![];
        for (tuple, known) in &self.ledgers {
            for holder in known.ledger.holders.keys() {
                let request = self.requests.get(holder);
                let fine =
                    self.poisoned.contains(holder) || request.is_some_and(|r| r.holds() && r.tuple == *tuple);
                if !fine {
                    wrong.push(format!("{holder} holds {tuple:?}"));
                }
            }
        }
        for (id, request) in self.requests.iter().filter(|(_, request)| request.holds()) {
            let held =
                self.ledgers.get(&request.tuple).is_some_and(|known| known.ledger.holders.contains_key(id));
            let overdue = request.window.is_some_and(|window| self.now >= window.expires_at);
            if !held && !overdue && !self.poisoned.contains(id) {
                wrong.push(format!("{id} does not hold what it should"));
            }
        }
        for detail in wrong {
            self.violate("holders are the grants in force", detail);
        }
    }
}
