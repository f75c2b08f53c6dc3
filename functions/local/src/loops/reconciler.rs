//! The reconciler: each minute, what the ledger says is compared with Identity Center.

use chrono::TimeDelta;
use kari_application::reconcile::{
    Report, active_accounts, end_grants_of_disabled_users, find_drift, verify,
};
use kari_application::{Error, Kari};

const EACH: TimeDelta = TimeDelta::minutes(1);
/// Looking for assignments that nobody here knows of asks about every account, so it comes less often.
const ROUNDS_PER_DRIFT_SEARCH: u32 = 10;

/// Reconciles for ever. What is merely overdue is not its business here: the timer reads the same
/// index every second.
pub async fn reconcile_for_ever(kari: Kari) {
    let mut round: u32 = 0;
    loop {
        kari.clock.sleep(EACH).await;
        report("comparing with identity center", verify(&kari).await);
        report("ending grants of disabled people", end_grants_of_disabled_users(&kari).await);
        if round.is_multiple_of(ROUNDS_PER_DRIFT_SEARCH) {
            report("looking for drift", search_drift(&kari).await);
        }
        round = round.wrapping_add(1);
    }
}

async fn search_drift(kari: &Kari) -> Result<Report, Error> {
    find_drift(kari, &active_accounts(kari).await?).await
}

fn report(what: &'static str, done: Result<Report, Error>) {
    match done {
        Ok(report) if report == Report::default() => {}
        Ok(report) => tracing::info!(?report, what),
        Err(error) => tracing::warn!(%error, what, "it failed; it comes again"),
    }
}
