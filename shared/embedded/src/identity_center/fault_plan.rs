//! What goes wrong by itself, and how often. Probabilities are per mille of the calls or operations
//! they apply to; lengths of time are milliseconds.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// The faults of a simulated Identity Center. With a seed it decides every mishap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultPlan {
    /// How long an accepted operation takes.
    pub latency: MillisRange,
    /// The limits AWS imposes; `None` imposes none.
    pub quotas: Option<Quotas>,
    /// Calls of `sso-admin` answered *throttled* for no reason of ours.
    pub throttled_per_mille: u16,
    /// Writes answered *conflict* for no visible reason.
    pub conflict_per_mille: u16,
    /// Whether a role that is being made or unmade refuses further writes in its account, as an
    /// account takes one role update at a time.
    pub role_conflicts: bool,
    /// Whether an assignment takes no further write until listings show the last one.
    pub conflict_until_listed: bool,
    /// Calls of `sso-admin` answered *internal error*; half of those writes took effect.
    pub internal_error_per_mille: u16,
    /// Calls of `sso-admin` that never arrive.
    pub lost_request_per_mille: u16,
    /// Calls of `sso-admin` that take effect while their answer is lost.
    pub lost_response_per_mille: u16,
    /// Calls of `sso-admin` answered *access denied*.
    pub denied_per_mille: u16,
    /// Operations that are accepted and then fail.
    pub fails_after_accepting_per_mille: u16,
    /// Creations that stay in progress for `late` and land then, even after a deletion succeeded.
    pub late_creation_per_mille: u16,
    /// Creations reported as failed that land after `late` all the same.
    pub ghost_creation_per_mille: u16,
    /// How late a late creation lands, after it was accepted.
    pub late: MillisRange,
    /// Changes that listings show only after `listing_lag`.
    pub late_listing_per_mille: u16,
    /// How long a listing lags behind; at most the listing grace.
    pub listing_lag: MillisRange,
    /// Calls of the directory (`identitystore`, `organizations`) that get no answer.
    pub directory_error_per_mille: u16,
    /// What deleting something that is not there answers.
    pub deleting_absent: DeletingAbsent,
    /// What becomes of operations on accounts that are not active.
    pub suspended_accounts: SuspendedAccounts,
    /// Whether Kari administers as a delegated administrator, who must not touch the management
    /// account's assignments.
    pub delegated_administrator: bool,
}

/// A length of time between two bounds, both possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MillisRange {
    pub least_ms: u32,
    pub most_ms: u32,
}

impl MillisRange {
    /// Between these two.
    pub const fn new(least_ms: u32, most_ms: u32) -> Self {
        Self { least_ms, most_ms }
    }
}

/// The limits AWS imposes on callers (`aws-facts`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotas {
    /// Calls per second, shared by all of `sso-admin`; also the burst.
    pub sso_admin_per_second: u32,
    /// Creations in progress at a time.
    pub outstanding_creations: usize,
    /// Deletions in progress at a time.
    pub outstanding_deletions: usize,
    /// Permission sets that may be provisioned in one account.
    #[serde(default = "provisioned_permission_sets")]
    pub provisioned_permission_sets: usize,
    /// Calls per second of each directory operation; `None` does not limit them.
    pub directory_per_second: Option<u32>,
}

impl Quotas {
    /// AWS's own figures; the directory is not limited.
    pub const AWS: Self = Self {
        sso_admin_per_second: 20,
        outstanding_creations: 15,
        outstanding_deletions: 15,
        provisioned_permission_sets: 500,
        directory_per_second: None,
    };
}

/// Worlds of before were saved without this quota.
fn provisioned_permission_sets() -> usize {
    Quotas::AWS.provisioned_permission_sets
}

/// What deleting an assignment that does not exist answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeletingAbsent {
    NotFound,
    Succeeds,
}

/// What becomes of operations on accounts that are not active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuspendedAccounts {
    /// They are accepted and fail after the usual time.
    Fail,
    /// They are accepted, stay in progress for six hours and then fail.
    Hang,
}

/// How long an operation on a suspended account hangs.
pub(super) const HANGING: TimeDelta = TimeDelta::hours(6);

impl FaultPlan {
    /// Nothing goes wrong and nothing is limited. For tests.
    pub const fn calm() -> Self {
        Self {
            latency: MillisRange::new(1_000, 3_000),
            quotas: None,
            throttled_per_mille: 0,
            conflict_per_mille: 0,
            role_conflicts: false,
            conflict_until_listed: false,
            internal_error_per_mille: 0,
            lost_request_per_mille: 0,
            lost_response_per_mille: 0,
            denied_per_mille: 0,
            fails_after_accepting_per_mille: 0,
            late_creation_per_mille: 0,
            ghost_creation_per_mille: 0,
            late: MillisRange::new(60_000, 600_000),
            late_listing_per_mille: 0,
            listing_lag: MillisRange::new(1_000, 115_000),
            directory_error_per_mille: 0,
            deleting_absent: DeletingAbsent::NotFound,
            suspended_accounts: SuspendedAccounts::Fail,
            delegated_administrator: true,
        }
    }

    /// A good day at AWS: nothing goes wrong, but its limits hold. For the local program.
    pub const fn lifelike() -> Self {
        Self { quotas: Some(Quotas::AWS), ..Self::calm() }
    }

    /// A bad day: everything goes wrong now and then. For the simulation.
    pub const fn stormy() -> Self {
        Self {
            latency: MillisRange::new(200, 20_000),
            throttled_per_mille: 60,
            conflict_per_mille: 40,
            role_conflicts: true,
            conflict_until_listed: true,
            internal_error_per_mille: 30,
            lost_request_per_mille: 30,
            lost_response_per_mille: 60,
            denied_per_mille: 5,
            fails_after_accepting_per_mille: 80,
            late_creation_per_mille: 50,
            ghost_creation_per_mille: 30,
            late_listing_per_mille: 300,
            directory_error_per_mille: 30,
            ..Self::lifelike()
        }
    }
}

impl Default for FaultPlan {
    fn default() -> Self {
        Self::calm()
    }
}
