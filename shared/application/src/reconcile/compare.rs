//! What the ledger says is present, compared with what Identity Center lists.

use std::collections::{BTreeMap, BTreeSet};

use kari_domain::audit::StreamId;
use kari_domain::ids::{Target, Tuple, UserId};
use kari_domain::ledger::{self, Ledger, Presence};
use kari_domain::time::Instant;

use super::paced::{COMPARING, paced};
use super::{PAGE, Report, record, settle_and_end};
use crate::settle::Patience;
use crate::{Error, Kari, Loaded, load_ledger};

/// Compares what the ledger says is present with Identity Center: one call for each account and
/// permission set, in a slow pace.
///
/// # Errors
/// Only if the store cannot say what is open.
pub async fn verify(kari: &Kari) -> Result<Report, Error> {
    let kari = &paced(kari, COMPARING);
    let mut groups: BTreeMap<Target, BTreeSet<UserId>> = BTreeMap::new();
    for tuple in present_tuples(kari).await? {
        groups.entry(tuple.target).or_default().insert(tuple.principal);
    }
    let mut report = Report::default();
    for (target, principals) in groups {
        compare(kari, &target, &principals, &mut report).await;
    }
    Ok(report)
}

async fn compare(kari: &Kari, target: &Target, principals: &BTreeSet<UserId>, report: &mut Report) {
    let looked_at = kari.clock.now();
    let listed = match kari.assignments.assigned_users(&target.account, &target.permission_set).await {
        Ok(listed) => listed,
        Err(error) => return report.fail("a permission set in an account", &error),
    };
    for principal in principals.difference(&listed) {
        let tuple = Tuple { principal: principal.clone(), target: target.clone() };
        let noted = note_missing(kari, &tuple, looked_at).await;
        report.missing += report.count("an assignment that is missing", noted);
    }
}

async fn note_missing(kari: &Kari, tuple: &Tuple, looked_at: Instant) -> Result<bool, Error> {
    let ledger = load_ledger(kari, tuple).await?;
    let events = ledger::observe_missing(&ledger.state, looked_at);
    let noted = !events.is_empty();
    record(kari, &ledger, &events).await?;
    if noted {
        settle_and_end(kari, tuple, Patience::None).await?;
    }
    Ok(noted)
}

/// What is present is open, and so it is due some time: what was over long ago is not read.
async fn present_tuples(kari: &Kari) -> Result<Vec<Tuple>, Error> {
    let mut tuples = vec![];
    let mut last = None;
    loop {
        let due = kari.store.due(Instant::MAX_UTC, last.as_ref(), PAGE).await?;
        for tuple in due.iter().filter_map(|due| StreamId::from_stored(due.key.0.clone()).as_tuple()) {
            match load_ledger(kari, &tuple).await {
                Ok(Loaded {
                    state: Ledger { presence: Presence::Present { vanished_at: None, .. }, .. },
                    ..
                }) => {
                    tuples.push(tuple);
                }
                Ok(_) => {}
                Err(Error::Corrupt(what)) => {
                    tracing::error!(%tuple.target.account, what, "a ledger cannot be read");
                }
                Err(error) => return Err(error),
            }
        }
        match due.last() {
            Some(due) => last = Some(due.clone()),
            None => return Ok(tuples),
        }
    }
}
