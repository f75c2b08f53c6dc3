//! What is really so in Identity Center.

use chrono::TimeDelta;
use kari_domain::ids::Tuple;
use kari_domain::ledger::{Absence, Ownership, Presence};
use kari_domain::time::{Instant, LISTING_GRACE};
use kari_embedded::identity_center::{By, Stay};

use super::Watch;
use super::ledgers::{Decided, LedgerWatch};

/// How long an operation hangs in the simulated Identity Center.
pub(crate) const HANGING: TimeDelta = TimeDelta::hours(6);

/// Every assignment's stays, as of the last look.
#[derive(Debug, Default)]
pub(super) struct Truth {
    changes: Option<u64>,
    stays: Vec<(Tuple, Stay)>,
}

impl Truth {
    /// The stays of one tuple.
    pub(super) fn of<'a>(&'a self, tuple: &'a Tuple) -> impl Iterator<Item = &'a Stay> {
        self.stays.iter().filter(move |(of, _)| of == tuple).map(|(_, stay)| stay)
    }

    /// Those that give access now.
    pub(super) fn present(&self) -> impl Iterator<Item = (&Tuple, &Stay)> {
        self.stays.iter().filter(|(_, stay)| stay.removed.is_none()).map(|(tuple, stay)| (tuple, stay))
    }

    /// Whether it gives access now.
    pub(super) fn is_present(&self, tuple: &Tuple) -> bool {
        self.of(tuple).any(|stay| stay.removed.is_none())
    }
}

impl Watch {
    pub(super) fn check_truth(&mut self) {
        let seen = self.truth.changes;
        let news = self.center.with(|world, now| {
            world.settle(now);
            (seen != Some(world.changes())).then(|| (world.changes(), world.history(now)))
        });
        let Some((changes, history)) = news.expect("nothing is saved") else { return };
        self.truth.changes = Some(changes);
        let stays: Vec<_> =
            history.into_iter().filter_map(|stay| Some((stay.assignment.tuple()?, stay.stay))).collect();
        let before = std::mem::replace(&mut self.truth.stays, stays.clone());
        for (tuple, stay) in stays.iter().filter(|stay| !before.contains(stay)) {
            let line = format!("truth {} {} {stay:?}", tuple.principal, tuple.target.account);
            self.digest(&line);
            self.tell(|| line);
            self.stay_changed(tuple, stay);
        }
        self.check_remembered();
    }

    fn stay_changed(&mut self, tuple: &Tuple, stay: &Stay) {
        match stay.removed {
            Some((at, By::Kari)) if stay.created_by == By::Outside => self.check_deletion(tuple, stay, at),
            Some((at, By::Outside | By::Departure)) => {
                if let Some(known) = self.ledgers.get_mut(tuple) {
                    known.tampered_at = Some(at);
                }
            }
            Some((_, By::Kari)) | None => {}
        }
    }

    /// What existed a listing grace before our look is never deleted by us. What appears soon after a
    /// removal of ours counts as a late creation of ours, by design.
    fn check_deletion(&mut self, tuple: &Tuple, stay: &Stay, at: Instant) {
        // A deletion on an account out of reach hangs for six hours; it was sent when it was ours.
        let hung = self
            .deletions
            .iter()
            .any(|(of, sent)| of == tuple && *sent < stay.created_at && *sent + HANGING == at);
        let fine =
            hung || self.ledgers.get(tuple).is_some_and(|known| may_be_ours(known, stay.created_at, at));
        if !fine {
            self.violate("what was there before us stays", format!("{tuple:?} {stay:?}"));
        }
    }

    /// What we created and did not remove is known to the ledger as ours.
    fn check_remembered(&mut self) {
        let ours: Vec<_> = self.truth.present().filter(|(_, stay)| stay.created_by == By::Kari).collect();
        let forgotten = ours.into_iter().find(|(tuple, _)| {
            !self.ledgers.get(tuple).is_some_and(|known| is_owned(&known.ledger.presence))
        });
        if let Some((tuple, stay)) = forgotten {
            let detail = format!("{tuple:?} {stay:?} {:?}", self.ledgers.get(tuple).map(|k| &k.ledger));
            self.violate("what we created is never forgotten", detail);
        }
    }

    pub(super) fn check_observed_present(&mut self, id: kari_domain::ids::RequestId, at: Instant) {
        self.check_truth();
        let known = &self.requests[&id];
        let since = known.since_activation().unwrap_or(at) - LISTING_GRACE;
        let seen = self
            .truth
            .of(&known.tuple)
            .any(|stay| stay.created_at <= at && stay.removed.is_none_or(|(removed, _)| removed >= since));
        if !seen {
            self.violate("active means observed", format!("{id}"));
        }
    }
}

fn is_owned(presence: &Presence) -> bool {
    match presence {
        Presence::Creating { .. } | Presence::Removing { .. } => true,
        Presence::Present { ownership, .. } => *ownership == Ownership::Owned,
        Presence::Absent { absence } => *absence != Absence::Unwatched,
    }
}

fn may_be_ours(known: &LedgerWatch, created_at: Instant, removed_at: Instant) -> bool {
    for epoch in known.epochs.iter().rev().filter(|epoch| epoch.at <= removed_at) {
        match epoch.decided {
            Decided::OursByLook(look) => return created_at + LISTING_GRACE > look,
            Decided::OursByMemory => {}
            Decided::Found => return false,
        }
    }
    false
}
