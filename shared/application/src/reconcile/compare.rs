//! What the ledger says is present, compared with what Identity Center lists.

use std::collections::{BTreeMap, BTreeSet};

use kari_domain::audit::StreamId;
use kari_domain::ids::{Target, Tuple, UserId};
use kari_domain::ledger::{self, Ledger, Ownership, Presence};
use kari_domain::time::Instant;

use super::last::is_last;
use super::paced::{COMPARING, paced};
use super::{PAGE, Report, in_turn, record, settle_and_end};
use crate::ports::{CallError, ItemKey};
use crate::settle::{Intent, Patience};
use crate::{Error, Kari, load_ledger};

/// What the ledger says is present, and whose it is.
type Targets = BTreeMap<Target, BTreeMap<UserId, Ownership>>;

/// Compares what the ledger says is present with Identity Center, in a slow pace: by account and permission
/// set, one call for each, or by holder, if there are fewer of them. Nothing is begun after the deadline; where
/// that is not time enough for all, each has its turn another time, because it is not always the same that are
/// begun with.
///
/// # Errors
/// Only if the store cannot say what is open.
pub async fn verify(kari: &Kari, deadline: Instant) -> Result<Report, Error> {
    let kari = &paced(kari, COMPARING);
    let mut report = Report::default();
    let mut targets = Targets::new();
    let mut holders: BTreeMap<UserId, BTreeSet<Target>> = BTreeMap::new();
    for (Tuple { principal, target }, ownership) in present_tuples(kari).await? {
        holders.entry(principal.clone()).or_default().insert(target.clone());
        targets.entry(target).or_default().insert(principal, ownership);
    }
    if holders.len() < targets.len() {
        by_holder(kari, holders, targets, deadline, &mut report).await;
    } else {
        by_target(kari, targets, deadline, &mut report).await;
    }
    Ok(report)
}

async fn by_target(kari: &Kari, targets: Targets, deadline: Instant, report: &mut Report) {
    for (target, principals) in in_turn(kari, targets) {
        compare(kari, &target, &principals, deadline, report).await;
    }
}

/// What a holder does not seem to have is missing only if it is not where it was either: what somebody holds
/// may be listed without what is out of our reach.
async fn by_holder(
    kari: &Kari,
    holders: BTreeMap<UserId, BTreeSet<Target>>,
    mut targets: Targets,
    deadline: Instant,
    report: &mut Report,
) {
    for (holder, held) in in_turn(kari, holders) {
        if kari.clock.now() >= deadline {
            report.left += 1;
            continue;
        }
        let listed = match kari.assignments.assigned_to(&holder).await {
            Ok(listed) => listed,
            Err(CallError::NotFound) => BTreeSet::new(),
            Err(error @ (CallError::Denied(_) | CallError::Invalid(_))) => {
                tracing::info!(%error, "what somebody holds may not be asked; more calls are needed");
                return by_target(kari, targets, deadline, report).await;
            }
            Err(
                error @ (CallError::Throttled
                | CallError::Conflict
                | CallError::QuotaExceeded
                | CallError::Unknown(_)),
            ) => {
                report.fail("what somebody holds", &error);
                continue;
            }
        };
        report.compared += 1;
        for target in held.difference(&listed) {
            // Once, whoever else seems to lack it.
            if let Some(principals) = targets.remove(target) {
                compare(kari, target, &principals, deadline, report).await;
            }
        }
    }
}

async fn compare(
    kari: &Kari,
    target: &Target,
    principals: &BTreeMap<UserId, Ownership>,
    deadline: Instant,
    report: &mut Report,
) {
    let looked_at = kari.clock.now();
    if looked_at >= deadline {
        report.left += 1;
        return;
    }
    let listed = match kari.assignments.assignees(&target.account, &target.permission_set).await {
        Ok(listed) => listed,
        Err(error) => return report.fail("a permission set in an account", &error),
    };
    report.compared += 1;
    if is_last(&listed, |user| principals.get(user).copied()) {
        report.last += 1;
        kari.said_last.say(target, kari.clock.now());
    }
    for principal in principals.keys().filter(|principal| !listed.users.contains(*principal)) {
        let tuple = Tuple { principal: principal.clone(), target: target.clone() };
        let noted = note_missing(kari, &tuple, looked_at).await;
        report.missing += report.count("an assignment that is missing", noted);
    }
}

/// Whether it was recorded now. Where somebody else was first, the next comparison finds what is missing still.
async fn note_missing(kari: &Kari, tuple: &Tuple, looked_at: Instant) -> Result<bool, Error> {
    let ledger = load_ledger(kari, tuple).await?;
    let events = ledger::observe_missing(&ledger.state, looked_at);
    let noted = !events.is_empty() && record(kari, &ledger, &events).await?;
    if noted {
        settle_and_end(kari, tuple, Patience::None, Intent::Own).await?;
    }
    Ok(noted)
}

/// The ledgers are read together. Only one whose item is not there or cannot be read is read by itself, where its
/// events tell. NB. Nothing is recorded by what is read here: for that a ledger is read again.
async fn present_tuples(kari: &Kari) -> Result<Vec<(Tuple, Ownership)>, Error> {
    let open = open_ledgers(kari).await?;
    let items = kari.store.items_by_key(&open.keys().cloned().collect()).await?;
    let mut tuples = vec![];
    for (key, tuple) in open {
        let read = items.get(&key).and_then(|item| serde_json::from_str::<Ledger>(&item.body).ok());
        let ledger = match read {
            Some(ledger) => Ok(ledger),
            None => load_ledger(kari, &tuple).await.map(|loaded| loaded.state),
        };
        match ledger {
            Ok(Ledger { presence: Presence::Present { vanished_at: None, ownership, .. }, .. }) => {
                tuples.push((tuple, ownership));
            }
            Ok(_) => {}
            Err(Error::Corrupt(what)) => {
                tracing::error!(%tuple.target.account, what, "a ledger cannot be read");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(tuples)
}

/// What is present is open, and so it is due some time: what was over long ago is not read.
async fn open_ledgers(kari: &Kari) -> Result<BTreeMap<ItemKey, Tuple>, Error> {
    let (mut open, mut last) = (BTreeMap::new(), None);
    loop {
        let due = kari.store.due(Instant::MAX_UTC, last.as_ref(), PAGE).await?;
        let tuple = |key: &ItemKey| StreamId::from_stored(key.0.clone()).as_tuple();
        open.extend(due.iter().filter_map(|due| Some((due.key.clone(), tuple(&due.key)?))));
        match due.last() {
            Some(due) => last = Some(due.clone()),
            None => return Ok(open),
        }
    }
}
