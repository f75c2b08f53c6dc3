//! For tests that lead one person through a journey.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use kari_application::ports::{NotificationKind, PageRequest};
use kari_domain::directory::Snapshot;
use kari_domain::ids::{RequestId, Tuple, UserId};
use kari_domain::ledger::LedgerEvent;
use kari_domain::time::Instant;
use kari_embedded::identity_center::{self, Action};

use crate::commands::{Deed, DeedKind};
use crate::simulation::Simulation;

impl Simulation {
    /// A person does something, and is answered.
    pub fn act(&mut self, who: &UserId, deed: Deed) {
        self.act_together(vec![(who.clone(), deed)]);
    }

    /// People do things at the same moment, and are answered.
    pub fn act_together(&mut self, deeds: Vec<(UserId, Deed)>) {
        let asked: Vec<_> = deeds.into_iter().map(|(who, deed)| self.start_deed(who, deed)).collect();
        let mut until = self.now() + TimeDelta::seconds(1);
        self.pass_quietly(until);
        while asked.iter().any(|task| self.tasks.name(*task).is_some()) && self.fine() {
            until += TimeDelta::milliseconds(100);
            self.pass_quietly(until);
        }
    }

    /// From now on nothing is driven and nobody is told: only what people do happens. No promise to the
    /// minute is kept any more.
    pub fn fall_asleep(&mut self) {
        self.quiet = true;
        self.world.gate.watch().leave_to_sweeps();
    }

    /// Time passes although nothing is driven; the directory is read all the same, as it is every few
    /// minutes.
    pub fn sleep_until(&mut self, until: Instant) {
        self.pass_quietly(until - TimeDelta::minutes(1));
        self.start_sync();
        self.pass_quietly(until);
    }

    /// Everything that became due meanwhile is taken up.
    pub fn wake_up(&mut self) {
        self.quiet = false;
    }

    /// The process dies, and another one takes its place.
    pub fn restart(&mut self) {
        self.crash();
    }

    /// Time passes without anybody else doing anything.
    pub fn pass_quietly(&mut self, until: Instant) {
        self.leave_in_peace();
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

    /// What was recorded about a tuple.
    pub fn ledger_events(&self, tuple: &Tuple) -> Vec<LedgerEvent> {
        let watch = self.world.gate.watch();
        let events = watch.ledgers.get(tuple).into_iter().flat_map(|known| &known.events);
        events.map(|(_, event)| event.clone()).collect()
    }

    /// What somebody was told, the newest first.
    pub fn messages(&self, who: &UserId) -> Vec<NotificationKind> {
        let page = PageRequest { limit: 200, after: None };
        let messages = self.world.inbox.messages(who, &page).expect("readable");
        messages.items.into_iter().map(|message| message.kind).collect()
    }

    /// How many calls of this operation Identity Center has received.
    pub fn calls(&self, action: Action) -> u64 {
        self.world.center.with(|world, _| world.count(action).calls).expect("nothing is saved")
    }

    /// How often a deed was answered in this way.
    pub fn answers(&self, deed: DeedKind, answer: &str) -> u64 {
        let watch = self.world.gate.watch();
        let counts = watch.coverage.answers.iter();
        counts.filter(|((d, _, a), _)| (*d, a.as_str()) == (deed, answer)).map(|(_, count)| count).sum()
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
