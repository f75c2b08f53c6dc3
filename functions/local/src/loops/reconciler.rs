//! The reconciler: each minute, what is overdue is taken up beside the timer, by the very sweep that does it
//! everywhere, and what the ledger says is compared with Identity Center.

use chrono::TimeDelta;
use kari_application::reconcile::{
    Report, active_accounts, end_grants_of_disabled_users, find_drift, sweep, verify,
};
use kari_application::remind_reviewers::remind_reviewers;
use kari_application::{Error, Kari};
use kari_embedded::store::SqliteStore;

use crate::data_dir::Files;
use crate::recorded;

const EACH: TimeDelta = TimeDelta::minutes(1);
/// How long one comparison begins new permission sets.
const COMPARING: TimeDelta = TimeDelta::minutes(5);
/// How long a search of all accounts for drift takes, besides what the search itself takes; longer only where
/// there are more than 600 of them.
const DRIFT_ROUND: TimeDelta = TimeDelta::minutes(10);
/// How long one of all accounts at once begins new ones: a few calls for each of thousands, five a second. The search
/// of one account after the other waits meanwhile.
const AT_ONCE: TimeDelta = TimeDelta::days(1);
/// Identity Center takes 20 calls a second from everybody together; this search leaves nearly all of
/// them to others.
const SHORTEST_PAUSE: TimeDelta = TimeDelta::seconds(1);

/// Sweeps for ever. The timer does the same sooner; here is found what it was wrong about.
pub async fn sweep_for_ever(kari: Kari) {
    loop {
        kari.clock.sleep(EACH).await;
        report("took up what was overdue", &sweep(&kari, kari.clock.now() + EACH).await);
    }
}

/// Reconciles for ever.
pub async fn reconcile_for_ever(kari: Kari) {
    loop {
        kari.clock.sleep(EACH).await;
        report("compared with identity center", &verify(&kari, kari.clock.now() + COMPARING).await);
        report("looked for disabled people", &end_grants_of_disabled_users(&kari).await);
    }
}

/// Reminds reviewers of what lapses soon, for ever.
pub async fn remind_for_ever(kari: Kari) {
    loop {
        kari.clock.sleep(EACH).await;
        if let Err(error) = remind_reviewers(&kari).await {
            tracing::warn!(%error, "reviewers were not reminded; it comes again");
        }
    }
}

/// Looks through all accounts at once for what events gave out that are missing. NB. That they are missing is forgotten
/// only once it got through: if it is cut off, the next start begins it anew. It got through when it looked at
/// everything and nothing failed; of an account with more drift than is recorded at a time, the rest is left to the
/// search of one account after the other.
pub async fn search_drift_after_loss(kari: &Kari, store: &SqliteStore, files: &Files) {
    let searched = find_drift(kari, usize::MAX, kari.clock.now() + AT_ONCE).await;
    report("looked for drift", &searched);
    if searched.is_ok_and(|found| found.failed == 0 && found.left == 0)
        && let Err(error) = recorded::forget_loss(store, files)
    {
        tracing::warn!("{error:#}; the next start looks for drift again");
    }
}

/// Looks for assignments that nobody here knows of, one account after the other, for ever.
pub async fn search_drift_for_ever(kari: Kari) {
    loop {
        let accounts = active_accounts(&kari).await.unwrap_or_default().len();
        let each = DRIFT_ROUND / i32::try_from(accounts).unwrap_or(i32::MAX).max(1);
        kari.clock.sleep(each.max(SHORTEST_PAUSE)).await;
        report("looked for drift", &find_drift(&kari, 1, kari.clock.now() + DRIFT_ROUND).await);
    }
}

fn report(what: &'static str, done: &Result<Report, Error>) {
    match done {
        Ok(report) => report.log(what),
        Err(error) => tracing::warn!(%error, what, "it failed; it comes again"),
    }
}
