//! The end of a run: faults stop, nobody asks for anything any more, and everything has to end. Either only
//! sweeps are left to see to it, or all goes on by itself, and every promise is kept until the last moment.

use chrono::TimeDelta;
use kari_domain::ids::RequestId;
use kari_domain::request::AccessRequest;
use kari_domain::time::{ACTIVATION_DEADLINE, Instant, LATE_CREATION_WATCH};

use crate::chaos::reopen_accounts;
use crate::simulation::Simulation;
use crate::watch::{HANGING, RequestWatch};

/// How many sweeps end everything, where nobody else drives anything.
const SWEEPS: usize = 2;
/// How long after its last window everything has ended, where all goes on. What others did at the very end
/// is found out within 25 minutes, by two comparisons and a second look; that is the slowest of all that
/// leads to an end, and within the same time an account that can be used again is taken up. Its ending is
/// closed within 10 minutes more.
const ENDED_WITHIN: TimeDelta = TimeDelta::minutes(35);
/// How often what ended is watched for late creations before it rests. One that landed at the last moment is
/// found by the last look, removed, and watched for once more; an account that came back may add another.
const WATCHES: i32 = 3;

impl Simulation {
    pub(crate) fn come_to_an_end(&mut self) {
        self.begin_phase(false);
        self.keep_policies_for(TimeDelta::zero());
        self.leave_in_peace();
        if self.schedule.ends_with_sweeps_alone {
            self.end_by_sweeps();
        } else {
            self.end_by_itself();
        }
        if self.fine() && self.anything_waits() {
            self.repair();
        }
    }

    /// Everything goes on, in calm.
    fn end_by_itself(&mut self) {
        // What was being asked for when everybody left is recorded by then.
        self.skip_to(self.now() + TimeDelta::minutes(1));
        let over = self.all_windows_end();
        self.skip_to(over + ENDED_WITHIN);
        self.check_everything_ended();
        self.skip_to(self.now() + (LATE_CREATION_WATCH + TimeDelta::minutes(1)) * WATCHES);
        self.check_everything_rests();
    }

    /// The process dies, what waited for an instant is lost, and nobody drives anything but sweeps: promises
    /// to the minute are off.
    fn end_by_sweeps(&mut self) {
        self.world.gate.watch().leave_to_sweeps();
        self.crash();
        self.alarms.clear();
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
        for _ in 0..WATCHES {
            self.skip_to(self.now() + LATE_CREATION_WATCH + TimeDelta::minutes(1));
            self.start_sweep();
            self.run_until_idle();
        }
        self.start_check();
        self.run_until_idle();
        self.check_everything_rests();
    }

    /// What was out of reach is not any more: what waited for it ends, too. Each try may be an hour after
    /// the last, and creations that hang are waited for.
    fn repair(&mut self) {
        self.change(reopen_accounts);
        let repaired = self.now() + HANGING + TimeDelta::hours(2);
        if self.schedule.ends_with_sweeps_alone {
            self.start_sync();
            while self.now() < repaired && self.fine() {
                self.skip_to(self.now() + TimeDelta::minutes(20));
                self.start_sweep();
                self.run_until_idle();
            }
        } else {
            self.skip_to(repaired);
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

    /// Faults have stopped, and two sweeps or time enough have passed: what is over is gone and closed.
    fn check_everything_ended(&mut self) {
        let (ended, gone) = if self.schedule.ends_with_sweeps_alone {
            (
                "two sweeps after the last fault everything has ended",
                "two sweeps after the last fault nothing of ours is left",
            )
        } else {
            ("in calm everything ends by itself", "in calm nothing of ours is left after its end")
        };
        let mut watch = self.world.gate.watch();
        let open: Vec<_> = watch
            .requests
            .iter()
            .filter(|(id, request)| !request.is_closed() && !watch.poisoned.contains(id))
            .filter(|(_, request)| !watch.is_out_of_reach(&request.tuple))
            .map(|(id, request)| format!("{id} {}", request.state.name()))
            .collect();
        for detail in open {
            watch.violate(ended, detail);
        }
        let left: Vec<_> = watch.ours().into_iter().filter(|tuple| !watch.is_out_of_reach(tuple)).collect();
        for tuple in left {
            watch.violate(gone, format!("{tuple:?}"));
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
        watch.check_all_mended();
        for stream in self.world.store.all_streams().expect("readable") {
            let stream = stream.expect("readable");
            watch.check_chain(&stream);
        }
    }
}
