//! What the ledger says is present, compared with what Identity Center lists.

use std::collections::BTreeMap;

use kari_domain::audit::StreamId;
use kari_domain::ids::{Target, Tuple, UserId};
use kari_domain::ledger::{self, Ledger, Ownership, Presence};
use kari_domain::time::Instant;

use super::paced::{COMPARING, paced};
use super::{PAGE, Report, record, settle_and_end};
use crate::ports::Assignees;
use crate::settle::Patience;
use crate::{Error, Kari, Loaded, load_ledger};

/// Compares what the ledger says is present with Identity Center: one call for each account and
/// permission set, in a slow pace. Nothing is begun after the deadline; where that is not time enough for all,
/// each has its turn another time, because it is not always the same that are begun with.
///
/// # Errors
/// Only if the store cannot say what is open.
pub async fn verify(kari: &Kari, deadline: Instant) -> Result<Report, Error> {
    let kari = &paced(kari, COMPARING);
    let mut groups: BTreeMap<Target, BTreeMap<UserId, Ownership>> = BTreeMap::new();
    for (tuple, ownership) in present_tuples(kari).await? {
        groups.entry(tuple.target).or_default().insert(tuple.principal, ownership);
    }
    let mut report = Report::default();
    let mut groups: Vec<_> = groups.into_iter().collect();
    let first = kari.ids.fresh().as_u128() % groups.len().max(1) as u128;
    groups.rotate_left(usize::try_from(first).unwrap_or_default());
    for (target, principals) in groups {
        if kari.clock.now() >= deadline {
            report.left += 1;
            continue;
        }
        compare(kari, &target, &principals, &mut report).await;
    }
    Ok(report)
}

async fn compare(
    kari: &Kari,
    target: &Target,
    principals: &BTreeMap<UserId, Ownership>,
    report: &mut Report,
) {
    let looked_at = kari.clock.now();
    let listed = match kari.assignments.assignees(&target.account, &target.permission_set).await {
        Ok(listed) => listed,
        Err(error) => return report.fail("a permission set in an account", &error),
    };
    report.compared += 1;
    if is_last(principals, &listed) {
        report.last += 1;
        tracing::warn!(
            %target.account, %target.permission_set,
            "kari holds the last assignment: when it ends the role goes, and the next one has another name; \
             if policies name it, keep an empty group assigned"
        );
    }
    for principal in principals.keys().filter(|principal| !listed.users.contains(*principal)) {
        let tuple = Tuple { principal: principal.clone(), target: target.clone() };
        let noted = note_missing(kari, &tuple, looked_at).await;
        report.missing += report.count("an assignment that is missing", noted);
    }
}

/// Whether nothing that is there is anybody's but ours, so that the role vanishes with it (`failure-modes` 38).
fn is_last(principals: &BTreeMap<UserId, Ownership>, listed: &Assignees) -> bool {
    let ours = |user: &UserId| principals.get(user) == Some(&Ownership::Owned);
    !listed.any_group && !listed.users.is_empty() && listed.users.iter().all(ours)
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
async fn present_tuples(kari: &Kari) -> Result<Vec<(Tuple, Ownership)>, Error> {
    let mut tuples = vec![];
    let mut last = None;
    loop {
        let due = kari.store.due(Instant::MAX_UTC, last.as_ref(), PAGE).await?;
        for tuple in due.iter().filter_map(|due| StreamId::from_stored(due.key.0.clone()).as_tuple()) {
            match load_ledger(kari, &tuple).await {
                Ok(Loaded {
                    state: Ledger { presence: Presence::Present { vanished_at: None, ownership, .. }, .. },
                    ..
                }) => {
                    tuples.push((tuple, ownership));
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
