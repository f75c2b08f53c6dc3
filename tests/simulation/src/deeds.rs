//! What people do at random, and what happens behind Kari's back.

use std::rc::Rc;
use std::sync::Arc;

use chrono::TimeDelta;
use kari_application::ports::ItemKey;
use kari_application::submit_request::Wanted;
use kari_domain::audit::StreamId;
use kari_domain::ids::{RequestId, Tuple, UserId};
use kari_domain::request::{AccessRequest, RequestState};
use kari_domain::time::Instant;

use crate::chaos::{MISHAPS, Mishap, happen};
use crate::commands::{Deed, DeedKind, carry_out, random_wish, tuples};
use crate::dice::Dice;
use crate::edits::edit;
use crate::mutant::Misfit;
use crate::organization;
use crate::simulation::{Note, Simulation};
use crate::tasks::TaskId;
use crate::watch::RequestWatch;

impl Simulation {
    pub(crate) fn start_deed(&mut self, who: UserId, deed: Deed) -> TaskId {
        let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
        let (kind, (subjects, states)) = (DeedKind::from(&deed), self.concerns(&who, &deed));
        let name = format!("{} {who} {:?}", deed.name(), deed.request());
        let gate = Arc::clone(&self.world.gate);
        let says = self.says_to_be(&who, &deed);
        let task = self.start(&name, async move {
            let answers = carry_out(&kari, &says, &deed, !gate.does(Misfit::RecordsNoRefusals)).await;
            let task = gate.current();
            desk.borrow_mut().push(Note::Answered(task, who, deed, answers));
        });
        let mut watch = self.world.gate.watch();
        watch.coverage.about(task, subjects);
        watch.coverage.deed(task, kind, states);
        task
    }

    /// The streams that a deed is about, and the states it meets, for each answer.
    fn concerns(&self, who: &UserId, deed: &Deed) -> (Vec<Vec<String>>, Vec<RequestState>) {
        let watch = self.world.gate.watch();
        let about: Vec<(Tuple, Option<RequestId>)> = match deed {
            Deed::Submit(wanted) => {
                let tuples = tuples(who, wanted);
                tuples.map(|tuple| (tuple.clone(), watch.foremost(&tuple))).collect()
            }
            Deed::Approve(id) | Deed::Deny(id) | Deed::Withdraw(id) | Deed::Revoke(id) => {
                watch.requests.get(id).map(|request| (request.tuple.clone(), Some(*id))).into_iter().collect()
            }
        };
        let streams = |(tuple, id): &(Tuple, Option<RequestId>)| {
            let ledger = StreamId::ledger(tuple);
            id.map(StreamId::request).into_iter().chain([ledger]).map(|stream| stream.to_string()).collect()
        };
        let state = |id: RequestId| RequestState::from(&watch.requests[&id].state);
        let states = about.iter().map(|(_, id)| id.map_or(RequestState::Absent, state));
        (about.iter().map(streams).collect(), states.collect())
    }

    /// Who somebody says they are: themselves, unless they are believed whatever they say.
    fn says_to_be(&self, who: &UserId, deed: &Deed) -> UserId {
        let watch = self.world.gate.watch();
        let own = |id: &RequestId| watch.requests.get(id).is_some_and(|r| r.tuple.principal == *who);
        let wrong = matches!(deed, Deed::Approve(id) if own(id));
        if wrong && self.world.gate.does(Misfit::BelievesWhoTheySay) {
            organization::user(if *who == organization::user("dan") { "eve" } else { "dan" })
        } else {
            who.clone()
        }
    }

    /// A request, and the tuple it is about.
    pub(crate) fn subjects_of(&self, key: &ItemKey) -> Vec<String> {
        let stream = StreamId::from_stored(key.0.clone());
        let watch = self.world.gate.watch();
        let request = stream.as_request().and_then(|id| watch.requests.get(&id));
        let ledger = request.map(|request| StreamId::ledger(&request.tuple).to_string());
        [Some(key.0.clone()), ledger].into_iter().flatten().collect()
    }

    pub(crate) fn random_deed(&mut self, now: Instant) {
        let open: Vec<RequestId> = {
            let watch = self.world.gate.watch();
            watch.requests.iter().filter(|(_, request)| !request.is_closed()).map(|(id, _)| *id).collect()
        };
        let all: Vec<RequestId> = self.world.gate.watch().requests.keys().copied().collect();
        if open.is_empty() || self.dice.chance(300) {
            let wish = self.wish(now);
            let times = *self.dice.pick(&[1, 1, 1, 2]);
            for _ in 0..times {
                self.start_deed(wish.0.clone(), Deed::Submit(wish.1.clone()));
            }
            return;
        }
        let id = if self.dice.chance(900) { *self.dice.pick(&open) } else { *self.dice.pick(&all) };
        let requester = self.world.gate.watch().requests[&id].tuple.principal.clone();
        let anybody = organization::user(self.dice.pick(&organization::PEOPLE).0);
        let active = self.world.gate.watch().requests[&id].holds();
        let (deed, who) = match self.dice.below(12) {
            0..=2 if active => (Deed::Revoke(id), requester),
            0..=6 => (Deed::Approve(id), anybody),
            7 => (Deed::Deny(id), anybody),
            8 => (Deed::Withdraw(id), requester),
            9 => (Deed::Revoke(id), requester),
            10 => (Deed::Revoke(id), anybody),
            _ => (Deed::Withdraw(id), anybody),
        };
        let pending = self.world.gate.watch().requests[&id].state.name() == "pending";
        let clicks = *self.dice.pick(&[1, 1, 1, 2]);
        for _ in 0..clicks {
            self.start_deed(who.clone(), deed.clone());
        }
        if pending && matches!(deed, Deed::Approve(_)) && self.dice.chance(550) {
            for name in ["cat", "dan", "eve", "fay"] {
                self.start_deed(organization::user(name), Deed::Approve(id));
            }
        }
    }

    /// A new wish, or an old one once more: the same, or another body under the same key.
    pub(crate) fn wish(&mut self, now: Instant) -> (UserId, Wanted) {
        if !self.wishes.is_empty() && self.dice.chance(250) {
            let (who, mut wanted) = self.dice.pick(&self.wishes).clone();
            match self.dice.below(3) {
                0 => {}
                1 => wanted.duration = kari_domain::time::Minutes(wanted.duration.0 + 15),
                _ => wanted.idempotency_key = format!("again-{}", self.steps),
            }
            return (who, wanted);
        }
        let mut wish = random_wish(&mut self.dice, now, self.steps);
        let (held, lapsed) = (self.held_tuples(), self.lapsed_tuples(now));
        // The same access once more: while it is held, so that the grants overlap; or because nobody
        // answered in time.
        let again = if !lapsed.is_empty() && self.dice.chance(500) {
            lapsed
        } else if !held.is_empty() && self.dice.chance(350) {
            held
        } else {
            vec![]
        };
        if !again.is_empty() {
            let tuple = self.dice.pick(&again).clone();
            wish.0 = tuple.principal;
            wish.1.accounts = vec![tuple.target.account];
            wish.1.permission_set = tuple.target.permission_set;
        }
        self.wishes.push(wish.clone());
        wish
    }

    pub(crate) fn held_tuples(&self) -> Vec<Tuple> {
        let watch = self.world.gate.watch();
        let holding = watch.requests.values().filter(|request| request.holds());
        holding.map(|request| request.tuple.clone()).collect()
    }

    /// What was asked for in vain, although nobody has recorded that time is up.
    fn lapsed_tuples(&self, now: Instant) -> Vec<Tuple> {
        let watch = self.world.gate.watch();
        let lapsed = watch.requests.iter().filter(|(id, request)| match &request.state {
            AccessRequest::Pending(state) => {
                now >= state.asked.submission.lapses_at && !watch.poisoned.contains(id)
            }
            AccessRequest::Absent
            | AccessRequest::Approved(_)
            | AccessRequest::Activating(_)
            | AccessRequest::Active(_)
            | AccessRequest::Ending(_)
            | AccessRequest::Closed(_) => false,
        });
        lapsed.map(|(_, request)| request.tuple.clone()).collect()
    }

    pub(crate) fn random_mishap(&mut self) {
        if self.dice.chance(250) {
            let dice = Dice::new(self.seed, 1000 + self.steps);
            let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
            self.start("edit a policy", async move {
                let edited = edit(&kari, dice).await;
                desk.borrow_mut().push(Note::Edited(edited));
            });
            return;
        }
        if self.dice.chance(40) {
            return self.poison();
        }
        if self.dice.chance(30) {
            return self.lose_policies();
        }
        if self.dice.chance(60) {
            return self.damage();
        }
        let mishap = *self.dice.weighted(&MISHAPS);
        let (mut likely, gone, reviewers) = {
            let watch = self.world.gate.watch();
            let asked = watch.requests.values().filter(|request| request.state.claims_target());
            let likely: Vec<Tuple> =
                watch.ledgers.keys().cloned().chain(asked.map(|request| request.tuple.clone())).collect();
            (likely, watch.drift_that_is_gone(), watch.reviewers_at_work())
        };
        if mishap == Mishap::AssignOutside && !gone.is_empty() && self.dice.chance(500) {
            likely = gone;
        }
        self.strike(mishap, &likely, &reviewers);
    }

    /// Access begins within seconds; hardly anything would ever happen just then.
    pub(crate) fn strike_at_the_beginning(&mut self) {
        let beginning: Vec<Tuple> = {
            let watch = self.world.gate.watch();
            let begins = |request: &&RequestWatch| request.state.name() == "activating";
            watch.requests.values().filter(begins).map(|request| request.tuple.clone()).collect()
        };
        if beginning.is_empty() {
            return;
        }
        self.lurks = false;
        let mishap = *self.dice.weighted(&MISHAPS);
        let requesters: Vec<UserId> = beginning.iter().map(|tuple| tuple.principal.clone()).collect();
        self.strike(mishap, &beginning, &requesters);
    }

    fn strike(&mut self, mishap: Mishap, likely: &[Tuple], people: &[UserId]) {
        let mut watch = self.world.gate.watch();
        let mut known = watch.organization().clone();
        let dice = &mut self.dice;
        let told = self
            .world
            .center
            .with(|center, now| happen(center, &mut known, now, dice, (mishap, likely, people)));
        let told = told.expect("nothing is saved");
        watch.digest(&told);
        watch.tell(|| told);
        watch.befell(mishap, &known);
        watch.organization_changed(known);
    }

    /// For a long time nobody can read the policies: one of them may have been written by a newer version.
    pub(crate) fn lose_policies(&mut self) {
        let length = self.dice.between(TimeDelta::minutes(10), TimeDelta::minutes(90));
        self.keep_policies_for(length);
    }

    /// Nobody can read the policies for so long.
    pub fn keep_policies_for(&mut self, length: TimeDelta) {
        let until = self.now() + length;
        self.world.gate.keep_policies_until(until);
        self.world.gate.watch().policies_kept_until(until);
    }
}
