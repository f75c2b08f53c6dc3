//! For tests that lead one person through a journey.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use kari_domain::directory::Snapshot;
use kari_domain::ids::{RequestId, Tuple, UserId};
use kari_domain::time::Instant;
use kari_embedded::identity_center;

use crate::commands::Deed;
use crate::simulation::Simulation;

impl Simulation {
    /// A person does something, and is answered.
    pub fn act(&mut self, who: &UserId, deed: Deed) {
        self.start_deed(who.clone(), deed);
        let until = self.now() + TimeDelta::seconds(1);
        self.pass_quietly(until);
    }

    /// Time passes without anybody else doing anything.
    pub fn pass_quietly(&mut self, until: Instant) {
        let never = Instant::MAX_UTC;
        (self.next_deed, self.next_mishap, self.next_bad_while) = (never, never, never);
        while self.now() < until && self.fine() {
            self.step(until);
        }
    }

    /// Something changes behind Kari's back: in Identity Center, and in what the watch knows of the
    /// directory.
    pub fn change(&mut self, act: impl FnOnce(&mut identity_center::World, &mut Snapshot, Instant)) {
        let mut watch = self.world.gate.watch();
        let mut known = watch.organization().clone();
        self.world.center.with(|world, now| act(world, &mut known, now)).expect("nothing is saved");
        watch.organization_changed(known);
    }

    /// Whether nothing is left to do about a tuple.
    pub fn rests(&self, tuple: &Tuple) -> bool {
        self.world.gate.watch().ledgers.get(tuple).is_none_or(crate::watch::LedgerWatch::rests)
    }

    /// Every request, as the store has it.
    pub fn requests(&self) -> BTreeMap<RequestId, kari_domain::request::AccessRequest> {
        let ids: Vec<_> = self.world.gate.watch().requests.keys().copied().collect();
        ids.into_iter().filter_map(|id| Some((id, self.world.request(id)?))).collect()
    }

    /// Whether an assignment really gives access now.
    pub fn is_present(&self, tuple: &Tuple) -> bool {
        let assignment = identity_center::Assignment::from(tuple);
        self.world.center.with(|world, now| world.is_present(now, &assignment)).expect("nothing is saved")
    }

    /// Everything that happened.
    pub fn story(&self) -> String {
        self.world.gate.watch().story.clone().unwrap_or_default().join("\n")
    }

    /// Nothing wrong was seen.
    ///
    /// # Panics
    /// If something was.
    pub fn assert_fine(&self) {
        let violation = self.world.gate.watch().violation().cloned();
        assert!(violation.is_none(), "{violation:?}\n{}", self.story());
    }
}
