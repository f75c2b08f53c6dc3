//! Which fault strikes which call: by the plan's chance, inside a window, or once on demand.

use std::collections::BTreeMap;

use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::dice::Dice;
use super::fault_plan::{FaultPlan, MillisRange};
use super::quota::TokenBucket;
use super::{Action, ApiError, Service};

/// A fault that struck a call or an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Injected {
    Outage,
    Throttled,
    Conflict,
    Denied,
    InternalError,
    /// The call never arrived.
    RequestLost,
    /// The call took effect; the caller does not know.
    ResponseLost,
    /// Accepted, and going to fail.
    FailsAfterAccepting,
    /// Accepted, and going to land late.
    Late,
    /// Going to be reported as failed, and to land late all the same.
    Ghost,
}

/// A fault that was asked for and is still to come or still going on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "fault")]
pub enum ActiveFault {
    Throttling { until: Instant },
    Denying { until: Instant },
    IdentityCenterOutage { until: Instant },
    DirectoryOutage { until: Instant },
    LosesNextResponse { times: u32 },
    LosesNextRequest { times: u32 },
    FailsNextAfterAccepting { times: u32 },
    DelaysNextCreation { times: u32 },
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Faults {
    pub(super) plan: FaultPlan,
    pub(super) windows: Windows,
    pub(super) once: Once,
    sso_admin: Option<TokenBucket>,
    directory: BTreeMap<Action, TokenBucket>,
}

/// Until when something is out of order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Windows {
    pub(super) throttling: Option<Instant>,
    pub(super) denying: Option<Instant>,
    pub(super) identity_center_down: Option<Instant>,
    pub(super) directory_down: Option<Instant>,
}

/// How many of the next calls a fault strikes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Once {
    pub(super) lose_response: u32,
    pub(super) lose_request: u32,
    pub(super) fail_after_accepting: u32,
    pub(super) delay_creation: u32,
}

/// What becomes of a call that a fault struck.
#[derive(Debug)]
pub(super) enum Strike {
    /// It has no effect and is answered with this.
    Instead(ApiError, Option<Injected>),
    /// It takes effect and is answered with this.
    Afterwards(ApiError, Injected),
    /// If it is accepted, its answer is lost.
    LoseAcceptance,
}

/// What becomes of an accepted operation that a fault struck.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fate {
    AsAsked,
    Fail,
    Late(MillisRange),
    Ghost(MillisRange),
}

fn open(window: Option<Instant>, now: Instant) -> bool {
    window.is_some_and(|until| now < until)
}

fn spend(times: &mut u32) -> bool {
    let left = *times > 0;
    *times = times.saturating_sub(1);
    left
}

fn denial() -> ApiError {
    ApiError::AccessDenied("the caller is not authorized to perform this action".to_owned())
}

impl Faults {
    pub(super) fn new(plan: FaultPlan) -> Self {
        Self { plan, ..Self::default() }
    }

    /// The fault that strikes this call, if one does.
    pub(super) fn strike(&mut self, action: Action, now: Instant, dice: &mut Dice) -> Option<Strike> {
        match action.service() {
            Service::SsoAdmin => self.strike_sso_admin(action, now, dice),
            Service::IdentityStore | Service::Organizations => self.strike_directory(action, now, dice),
        }
    }

    fn strike_directory(&mut self, action: Action, now: Instant, dice: &mut Dice) -> Option<Strike> {
        if open(self.windows.directory_down, now) {
            return Some(Strike::Instead(ApiError::NoAnswer, Some(Injected::Outage)));
        }
        if let Some(rate) = self.plan.quotas.and_then(|quotas| quotas.directory_per_second) {
            let bucket = self.directory.entry(action).or_insert_with(|| TokenBucket::full(rate, now));
            if !bucket.take(rate, now) {
                return Some(Strike::Instead(ApiError::rate(), None));
            }
        }
        dice.chance(self.plan.directory_error_per_mille)
            .then_some(Strike::Instead(ApiError::NoAnswer, Some(Injected::RequestLost)))
    }

    fn strike_sso_admin(&mut self, action: Action, now: Instant, dice: &mut Dice) -> Option<Strike> {
        if open(self.windows.identity_center_down, now) {
            return Some(Strike::Instead(ApiError::NoAnswer, Some(Injected::Outage)));
        }
        if action.is_write() && spend(&mut self.once.lose_request) {
            return Some(Strike::Instead(ApiError::NoAnswer, Some(Injected::RequestLost)));
        }
        if open(self.windows.throttling, now) {
            return Some(Strike::Instead(ApiError::rate(), Some(Injected::Throttled)));
        }
        if open(self.windows.denying, now) {
            return Some(Strike::Instead(denial(), Some(Injected::Denied)));
        }
        if self.over_quota(now) {
            return Some(Strike::Instead(ApiError::rate(), None));
        }
        if action.is_write() && self.once.lose_response > 0 {
            return Some(Strike::LoseAcceptance);
        }
        self.strike_by_chance(action, dice)
    }

    fn over_quota(&mut self, now: Instant) -> bool {
        let Some(rate) = self.plan.quotas.map(|quotas| quotas.sso_admin_per_second) else {
            return false;
        };
        !self.sso_admin.get_or_insert_with(|| TokenBucket::full(rate, now)).take(rate, now)
    }

    fn strike_by_chance(&self, action: Action, dice: &mut Dice) -> Option<Strike> {
        let plan = &self.plan;
        let write = action.is_write();
        let instead = |error, injected| Some(Strike::Instead(error, Some(injected)));
        if dice.chance(plan.lost_request_per_mille) {
            instead(ApiError::NoAnswer, Injected::RequestLost)
        } else if dice.chance(plan.throttled_per_mille) {
            instead(ApiError::rate(), Injected::Throttled)
        } else if dice.chance(plan.denied_per_mille) {
            instead(denial(), Injected::Denied)
        } else if write && dice.chance(plan.conflict_per_mille) {
            instead(unpropagated(), Injected::Conflict)
        } else if dice.chance(plan.internal_error_per_mille) {
            if dice.chance(500) {
                Some(Strike::Afterwards(ApiError::InternalServer, Injected::InternalError))
            } else {
                instead(ApiError::InternalServer, Injected::InternalError)
            }
        } else if dice.chance(plan.lost_response_per_mille) {
            Some(Strike::Afterwards(ApiError::NoAnswer, Injected::ResponseLost))
        } else {
            None
        }
    }

    /// What becomes of an operation about to be accepted.
    pub(super) fn fate(&mut self, creation: bool, dice: &mut Dice) -> Fate {
        if spend(&mut self.once.fail_after_accepting)
            || dice.chance(self.plan.fails_after_accepting_per_mille)
        {
            Fate::Fail
        } else if creation
            && (spend(&mut self.once.delay_creation) || dice.chance(self.plan.late_creation_per_mille))
        {
            Fate::Late(self.plan.late)
        } else if creation && dice.chance(self.plan.ghost_creation_per_mille) {
            Fate::Ghost(self.plan.late)
        } else {
            Fate::AsAsked
        }
    }

    /// What was asked for and is still to come or still going on.
    pub(super) fn active(&self, now: Instant) -> Vec<ActiveFault> {
        let window = |until: Option<Instant>| until.filter(|_| open(until, now));
        let times = |times: u32| (times > 0).then_some(times);
        [
            window(self.windows.throttling).map(|until| ActiveFault::Throttling { until }),
            window(self.windows.denying).map(|until| ActiveFault::Denying { until }),
            window(self.windows.identity_center_down)
                .map(|until| ActiveFault::IdentityCenterOutage { until }),
            window(self.windows.directory_down).map(|until| ActiveFault::DirectoryOutage { until }),
            times(self.once.lose_response).map(|times| ActiveFault::LosesNextResponse { times }),
            times(self.once.lose_request).map(|times| ActiveFault::LosesNextRequest { times }),
            times(self.once.fail_after_accepting).map(|times| ActiveFault::FailsNextAfterAccepting { times }),
            times(self.once.delay_creation).map(|times| ActiveFault::DelaysNextCreation { times }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

pub(super) fn unpropagated() -> ApiError {
    ApiError::Conflict("an earlier change has not propagated yet".to_owned())
}
