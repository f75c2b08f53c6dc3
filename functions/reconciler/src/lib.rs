//! What schedules invoke: takes up whatever is overdue, and compares Identity Center with the records.
//!
//! It must take no input but the store and what Identity Center lists: it finds what everything else lost.

use chrono::TimeDelta;
use kari_application::check_records::{check_open_until, check_policies_in_force};
use kari_application::reconcile::{
    Report, active_accounts, end_grants_of_disabled_users, find_drift, late_removals, oldest_due, sweep,
    verify,
};
use kari_application::relay::catch_up;
use kari_application::{Error, Kari};
use kari_aws::metrics::Metric;
use kari_domain::time::Instant;
use serde::Deserialize;

/// How long one sweep begins new things; the next one comes a minute after this one did.
const SWEEP_FOR: TimeDelta = TimeDelta::seconds(50);
/// How long one comparison begins new permission sets. Five a second are 3,750, each hour.
const VERIFY_FOR: TimeDelta = TimeDelta::seconds(750);
/// How long after it was begun an hourly task goes on with the check of what is open: for a minute behind
/// the comparison, and for longer where that was done sooner. What it begins last has a minute and a half.
const CHECK_UNTIL: TimeDelta = TimeDelta::seconds(810);
/// How long one search begins new accounts. The function lasts for 900 seconds, so that an account with 500
/// permission sets that is begun last is got through; and a day is enough for 7,000 accounts with 50 each.
const SEARCH_FOR: TimeDelta = TimeDelta::seconds(750);
/// How many searches a day go through all accounts together: one every 15 minutes.
const SEARCHES: usize = 96;

/// What a schedule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "task", rename_all = "kebab-case")]
pub enum Task {
    /// Each minute: drive on what is overdue, end the grants of people who were disabled, copy the policies where they
    /// were edited, and tell people what they could not be told before.
    Overdue,
    /// Hourly: is what the ledger says is present still there, and are the records what they have to be?
    Verify,
    /// Every quarter of an hour: look through some accounts, where the last search stopped, for assignments
    /// that nobody knows of. Within a day all are looked through.
    Search,
}

/// What was measured meanwhile.
pub type Measured = Vec<(Metric, u64)>;

/// Does what was asked for, and says what was measured. Until the directory was read for the first time, its age
/// counts from when this process was started: a new deployment has as long to read it as any other.
///
/// # Errors
/// If the store or the read model cannot be read. What fails about one item is counted and logged, and the
/// others are dealt with; so is one part of a task.
pub async fn handle(kari: &Kari, started_at: Instant, task: Task) -> Result<Measured, Error> {
    match task {
        Task::Overdue => overdue(kari, started_at).await,
        Task::Verify => compare(kari).await,
        Task::Search => search(kari).await,
    }
}

async fn overdue(kari: &Kari, started_at: Instant) -> Result<Measured, Error> {
    let begun_at = kari.clock.now();
    let oldest = oldest_due(kari).await;
    // NB. Whatever cannot be measured or read, what is due is driven.
    let swept = told("took up what was overdue", sweep(kari, begun_at + SWEEP_FOR).await);
    let ended = told("looked for disabled people", end_grants_of_disabled_users(kari).await);
    // After an edit, the first answers of other processes wait for it.
    if let Err(error) = kari.policies.keep_copy().await {
        tracing::warn!(%error, "the policies were not copied; it comes again");
    }
    let (oldest, late) = (oldest?, late_removals(kari).await?);
    // NB. After what takes access away: nothing waits for whoever is told late.
    if let Err(error) = catch_up(kari).await {
        tracing::warn!(%error, "telling people what was put off failed; it comes again");
    }
    let synced_at = kari.read_model.load().await?.synced_at;
    // Where it never was, the epoch is no age: that would alarm people of each new deployment.
    let read_at = if synced_at <= Instant::UNIX_EPOCH { started_at } else { synced_at };
    swept.and(ended)?;
    Ok(vec![
        (Metric::OldestDueSeconds, seconds(oldest, begun_at)),
        (Metric::OverdueRemovals, whole(late.overdue)),
        (Metric::BlockedRemovals, whole(late.blocked.len())),
        (Metric::DirectoryAgeSeconds, seconds(Some(read_at), begun_at)),
        (Metric::Reconciled, 1),
    ])
}

async fn compare(kari: &Kari) -> Result<Measured, Error> {
    let begun_at = kari.clock.now();
    // NB. Each has time of its own. To look for what is open among all that ever was takes longer and longer, and
    // comparing may take all the time it has.
    let compared = told("compared with identity center", verify(kari, begun_at + VERIFY_FOR).await);
    // NB. What the comparison found is known to the next one: it is measured now, also where the check fails. The
    // policies last: what ever became of them is read at once, and access ends by what is open.
    for checked in [check_open_until(kari, begun_at + CHECK_UNTIL).await, check_policies_in_force(kari).await]
    {
        if let Err(error) = checked {
            tracing::error!(%error, "the check of the records failed; it comes again");
        }
    }
    let compared = compared?;
    if compared.left > 0 {
        tracing::warn!(
            compared.left,
            "there was no time to compare everything; the rest has its turn another hour"
        );
    }
    Ok(differences(&compared, compared.missing, Metric::Compared))
}

async fn search(kari: &Kari) -> Result<Measured, Error> {
    let accounts = active_accounts(kari).await?.len();
    let until = kari.clock.now() + SEARCH_FOR;
    let searched = told("looked for drift", find_drift(kari, accounts.div_ceil(SEARCHES), until).await)?;
    if searched.left > 0 {
        tracing::warn!(
            searched.left,
            "there was no time for these accounts; to search all of them takes longer than a day"
        );
    }
    Ok(differences(&searched, searched.drift, Metric::Searched))
}

/// Nobody knows of differences where nothing could be looked at, or there was no time to.
fn differences(report: &Report, found: usize, looked: Metric) -> Measured {
    if report.compared == 0 && report.failed + report.left > 0 {
        return vec![];
    }
    vec![(Metric::Drift, whole(found)), (looked, 1)]
}

fn told(what: &'static str, done: Result<Report, Error>) -> Result<Report, Error> {
    match &done {
        Ok(report) => report.log(what),
        Err(error) => tracing::error!(%error, what, "it failed; it comes again"),
    }
    done
}

/// For how long something has been due.
fn seconds(since: Option<Instant>, now: Instant) -> u64 {
    since.map_or(0, |since| u64::try_from((now - since).num_seconds()).unwrap_or_default())
}

fn whole(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
