//! The end of a run: faults stop, nobody asks for anything any more, and everything has to end.

use chrono::TimeDelta;
use kari_domain::ids::RequestId;
use kari_domain::request::AccessRequest;
use kari_domain::time::{ACTIVATION_DEADLINE, Instant, LATE_CREATION_WATCH};

use crate::chaos::reopen_accounts;
use crate::simulation::Simulation;
use crate::watch::{HANGING, RequestWatch};

/// How many sweeps end everything, where nobody else drives anything.
const SWEEPS: usize = 2;

impl Simulation {
    pub(crate) fn come_to_an_end(&mut self) {
        self.begin_phase(false);
        self.keep_policies_for(TimeDelta::zero());
        self.world.gate.watch().leave_to_sweeps();
        if self.schedule.ends_with_sweeps_alone {
            self.crash();
            self.alarms.clear();
        }
        self.quiet = true;
        self.run_until_idle();
        let over = self.all_windows_end();
        self.skip_to(over);
        self.start_sync();
        for round in 0..SWEEPS {
            self.skip_to(self.now() + TimeDelta::minutes(3));
            self.start_sweep();
            self.run_until_idle();
            let now = self.now();
            self.world.gate.watch().tell(|| format!("sweep {round} done at {now}"));
        }
        self.check_everything_ended();
        for _ in 0..3 {
            self.skip_to(self.now() + LATE_CREATION_WATCH + TimeDelta::minutes(1));
            self.start_sweep();
            self.run_until_idle();
        }
        self.check_everything_rests();
        if self.fine() && self.anything_waits() {
            self.repair();
        }
    }

    /// What was out of reach is not any more: what waited for it ends, too. Each try may be an hour after
    /// the last, and creations that hang are waited for.
    fn repair(&mut self) {
        self.change(reopen_accounts);
        self.start_sync();
        let repaired = self.now() + HANGING + TimeDelta::hours(2);
        while self.now() < repaired && self.fine() {
            self.skip_to(self.now() + TimeDelta::minutes(20));
            self.start_sweep();
            self.run_until_idle();
        }
        self.world.gate.watch().coverage.count("what was out of reach came back");
        self.check_everything_ended();
        self.check_everything_rests();
    }

    fn anything_waits(&self) -> bool {
        let watch = self.world.gate.watch();
        let open =
            |(id, request): (&RequestId, &RequestWatch)| !request.is_closed() && !watch.poisoned.contains(id);
        watch.requests.iter().any(open) || watch.ledgers.values().any(|known| !known.rests())
    }

    /// Time passes, and whatever was accepted runs its course.
    fn skip_to(&mut self, at: Instant) {
        while self.now() < at && self.fine() {
            self.step(at);
        }
    }

    fn all_windows_end(&self) -> Instant {
        let watch = self.world.gate.watch();
        let ends = watch.requests.values().filter_map(|request| {
            let asked = request.state.asked()?;
            match &request.state {
                AccessRequest::Absent | AccessRequest::Closed(_) | AccessRequest::Ending(_) => None,
                AccessRequest::Pending(_) => Some(asked.submission.lapses_at),
                AccessRequest::Approved(state) => {
                    let due = asked.submission.start.unwrap_or(state.approved_at).max(state.approved_at);
                    Some(due + ACTIVATION_DEADLINE + asked.submission.duration_minutes.delta())
                }
                AccessRequest::Activating(_) | AccessRequest::Active(_) => {
                    request.window.map(|window| window.expires_at)
                }
            }
        });
        let settled = self.now() + TimeDelta::minutes(16);
        ends.max().unwrap_or(settled).max(settled)
    }

    /// Faults have stopped and some sweeps have passed: what is over is gone and closed.
    fn check_everything_ended(&mut self) {
        let mut watch = self.world.gate.watch();
        let open: Vec<_> = watch
            .requests
            .iter()
            .filter(|(id, request)| !request.is_closed() && !watch.poisoned.contains(id))
            .filter(|(_, request)| !watch.is_out_of_reach(&request.tuple()))
            .map(|(id, request)| format!("{id} {}", request.state.name()))
            .collect();
        for detail in open {
            watch.violate("two sweeps after the last fault everything has ended", detail);
        }
        let left: Vec<_> = watch.ours().into_iter().filter(|tuple| !watch.is_out_of_reach(tuple)).collect();
        for tuple in left {
            watch.violate("two sweeps after the last fault nothing of ours is left", format!("{tuple:?}"));
        }
    }

    fn check_everything_rests(&mut self) {
        let mut watch = self.world.gate.watch();
        let restless: Vec<_> = watch
            .ledgers
            .iter()
            .filter(|(tuple, known)| !known.rests() && !watch.is_out_of_reach(tuple))
            .map(|(tuple, known)| format!("{tuple:?} {:?}", known.ledger))
            .collect();
        for detail in restless {
            watch.violate("in the end every ledger rests", detail);
        }
        for stream in self.world.store.all_streams().expect("readable") {
            let stream = stream.expect("readable");
            watch.check_chain(&stream);
        }
    }
}
