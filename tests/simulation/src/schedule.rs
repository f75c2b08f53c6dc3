//! What kind of time a seed has: storms and calm, how processes come back, how late things may be.

use chrono::TimeDelta;
use kari_domain::time::{Instant, Minutes};
use kari_embedded::identity_center::{DeletingAbsent, FaultPlan, MillisRange, SuspendedAccounts};

use crate::dice::Dice;
use crate::ports::Weather;

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phase {
    pub stormy: bool,
    pub until: Instant,
}

/// The character of a seed.
#[derive(Debug, Clone)]
pub struct Schedule {
    pub phases: Vec<Phase>,
    /// Whether waiting workflows survive the death of a process, as Step Functions do; otherwise a
    /// timer is set anew from the store, as on one machine.
    pub workflows_survive: bool,
    pub sweep_every: TimeDelta,
    pub weather: Weather,
    pub storm: FaultPlan,
    pub calm: FaultPlan,
    /// How long a request waits for its reviewers.
    pub lapses_after: Minutes,
    /// At the end only sweeps are left, two of them; otherwise all goes on in calm, and ends by itself.
    pub ends_with_sweeps_alone: bool,
}

impl Schedule {
    /// Thrown with these dice.
    pub fn throw(dice: &mut Dice, beginning: Instant) -> Self {
        let gentle = dice.chance(200);
        let mut phases = vec![];
        let mut until = beginning;
        for _ in 0..=dice.below(2) {
            if !gentle {
                until += dice.between(TimeDelta::minutes(20), TimeDelta::minutes(60));
                phases.push(Phase { stormy: true, until });
            }
            until += dice.between(TimeDelta::minutes(30), TimeDelta::minutes(100));
            phases.push(Phase { stormy: false, until });
        }
        // NB. A held-up call, a late landing and a late listing together stay within the 15 minutes
        // for which the ledger watches for late creations of ours.
        let (longest_pause, latest) = if dice.chance(500) {
            (TimeDelta::seconds(30), 720_000)
        } else {
            (TimeDelta::minutes(11), 60_000)
        };
        let deleting_absent =
            *dice.pick(&[DeletingAbsent::NotFound, DeletingAbsent::NotFound, DeletingAbsent::Succeeds]);
        let suspended_accounts = *dice.pick(&[SuspendedAccounts::Fail, SuspendedAccounts::Hang]);
        // A policy names the management account, and Kari runs in it.
        let delegated_administrator = false;
        let calm = FaultPlan {
            deleting_absent,
            suspended_accounts,
            delegated_administrator,
            ..FaultPlan::lifelike()
        };
        let storm = FaultPlan {
            late: MillisRange::new(20_000, latest),
            ghost_creation_per_mille: 120,
            deleting_absent,
            suspended_accounts,
            delegated_administrator,
            ..FaultPlan::stormy()
        };
        Self {
            phases,
            workflows_survive: dice.chance(500),
            sweep_every: *dice.pick(&[TimeDelta::minutes(1), TimeDelta::minutes(5)]),
            weather: Weather::stormy(longest_pause),
            storm,
            calm,
            lapses_after: *dice.pick(&[Minutes(8 * 60), Minutes(8 * 60), Minutes(45)]),
            ends_with_sweeps_alone: dice.chance(500),
        }
    }
}
