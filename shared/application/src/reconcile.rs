//! The sweep over everything: whatever was lost on the way is found here. It takes no input but the
//! store, continues at the next item when one fails, and removes only what the ledger owns.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};
use kari_domain::directory::AccountStatus;
use kari_domain::ids::{AccountId, RequestId, Target, Tuple, UserId};
use kari_domain::ledger::{self, Ledger, LedgerEvent, Looked, Presence};
use kari_domain::mutants::{Mutant, on};
use kari_domain::request::{RequestState, Why};
use kari_domain::time::Instant;

use crate::advance::{Advanced, advance, end_for_disabled_requester};
use crate::ports::{CallError, ItemKey, PageRequest, RequestFilter, RequestKeys, RequestScope};
use crate::relay::tell_unreadable;
use crate::settle::{Settled, settle};
use crate::transaction::Transaction;
use crate::{Error, Kari, Loaded, load_ledger};

const PAGE: usize = 200;
/// Between two calls of a comparison: five of the twenty calls a second that all share.
const PACE: TimeDelta = TimeDelta::milliseconds(200);
/// Between two tries to end the holders of an assignment that others removed.
const HOLDERS_REST: TimeDelta = TimeDelta::seconds(5);

/// What a sweep did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Requests and tuples driven on.
    pub driven: usize,
    /// Those that failed this time; they stay due.
    pub failed: usize,
    /// Grants ended because their requester was disabled or deleted.
    pub ended: usize,
    /// Assignments that the ledger says are present and that are missing.
    pub missing: usize,
    /// Assignments that nobody here knows of, found now.
    pub drift: usize,
}

impl Report {
    /// One more item: whether it counts, or that it failed.
    fn count(&mut self, what: &'static str, outcome: Result<bool, Error>) -> usize {
        match outcome {
            Ok(counts) => usize::from(counts),
            Err(error) => {
                self.failed += 1;
                tracing::warn!(what, %error, "it could not be dealt with; the rest goes on");
                0
            }
        }
    }
}

/// Drives on everything that is due, and what follows from it.
///
/// # Errors
/// Only if the store cannot say what is due.
pub async fn sweep(kari: &Kari) -> Result<Report, Error> {
    let until = kari.clock.now();
    let mut report = Report::default();
    let mut last = None;
    loop {
        let due = kari.store.due(until, last.as_ref(), PAGE).await?;
        for due in &due {
            match drive(kari, &due.key).await {
                Ok(advanced) => {
                    report.driven += 1;
                    restart(kari, &due.key, advanced).await;
                }
                Err(error) => {
                    report.failed += 1;
                    if on(Mutant::StopsAtFirstError) {
                        return Ok(report);
                    }
                    tracing::warn!(item = %due.key.0, %error, "driving failed; it stays due");
                }
            }
        }
        match due.last() {
            Some(due) => last = Some(due.clone()),
            None => return Ok(report),
        }
    }
}

/// A request that has to be driven again later gets an execution: the one it had may be lost, or it
/// would not have been overdue.
async fn restart(kari: &Kari, key: &ItemKey, advanced: Advanced) {
    let Some(request) = StreamId::from_stored(key.0.clone()).as_request() else { return };
    match advanced {
        Advanced::Done | Advanced::At(_, Why::AwaitReview) => {}
        Advanced::At(_, _) => {
            if let Err(error) = kari.workflow.start(request).await {
                tracing::warn!(request.id = %request, %error, "it was not started again; the next sweep will");
            }
        }
    }
}

/// Drives on one item that is due, and says when it wants to be driven next. Administrators are told of
/// what cannot be understood.
///
/// # Errors
/// What `advance` or `settle` says.
pub async fn drive(kari: &Kari, key: &ItemKey) -> Result<Advanced, Error> {
    let stream = StreamId::from_stored(key.0.clone());
    let driven = match (stream.as_request(), stream.as_tuple()) {
        (Some(request), _) => advance(kari, request).await,
        (None, Some(tuple)) => settle_and_end(kari, &tuple).await,
        (None, None) => Ok(Advanced::Done),
    };
    if let Err(Error::Corrupt(_)) = driven {
        tell_unreadable(kari, &stream).await?;
    }
    driven
}

async fn settle_and_end(kari: &Kari, tuple: &Tuple) -> Result<Advanced, Error> {
    let again = Advanced::At(kari.clock.now() + HOLDERS_REST, Why::AwaitRemoval);
    match settle(kari, tuple).await? {
        Settled::Rest => Ok(Advanced::Done),
        Settled::At(at) => Ok(Advanced::At(at, Why::AwaitRemoval)),
        Settled::Changed => Ok(again),
        Settled::EndHolders(holders) => {
            end_holders(kari, tuple, &holders).await?;
            Ok(again)
        }
    }
}

/// The requests of a vanished assignment end by themselves; one that cannot be understood is taken
/// out of the ledger.
async fn end_holders(kari: &Kari, tuple: &Tuple, holders: &[RequestId]) -> Result<(), Error> {
    for holder in holders {
        match advance(kari, *holder).await {
            Ok(_) => {}
            Err(Error::Corrupt(_)) => take_out(kari, tuple, *holder).await?,
            Err(error) => tracing::warn!(request.id = %holder, %error, "a holder could not be ended yet"),
        }
    }
    settle(kari, tuple).await.map(|_| ())
}

/// Access ends by the ledger alone where the request cannot be understood.
async fn take_out(kari: &Kari, tuple: &Tuple, holder: RequestId) -> Result<(), Error> {
    let ledger = load_ledger(kari, tuple).await?;
    record(kari, &ledger, &ledger::leave(&ledger.state, holder)).await
}

/// Compares what the ledger says is present with Identity Center: one call for each account and
/// permission set, paced so that removals find room beside it.
///
/// # Errors
/// Only if the store cannot say what is open.
pub async fn verify(kari: &Kari) -> Result<Report, Error> {
    let mut groups: BTreeMap<Target, BTreeSet<UserId>> = BTreeMap::new();
    for tuple in present_tuples(kari).await? {
        groups.entry(tuple.target).or_default().insert(tuple.principal);
    }
    let mut report = Report::default();
    for (target, principals) in groups {
        let Ok(listed) = kari.assignments.assigned_users(&target.account, &target.permission_set).await
        else {
            report.failed += 1;
            continue;
        };
        for principal in principals.difference(&listed) {
            let tuple = Tuple { principal: principal.clone(), target: target.clone() };
            let noted = note_missing(kari, &tuple).await;
            report.missing += report.count("an assignment that is missing", noted);
        }
        kari.clock.sleep(PACE).await;
    }
    Ok(report)
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

/// The ledgers whose keys begin with `prefix`.
async fn ledgers(kari: &Kari, prefix: &str) -> Result<Vec<(Tuple, Ledger)>, Error> {
    let mut ledgers = vec![];
    let mut page = PageRequest { limit: PAGE, after: None };
    loop {
        let found = kari.store.items(prefix, &page).await?;
        for item in found.items {
            let ledger = serde_json::from_str::<Ledger>(&item.body);
            match (StreamId::from_stored(item.key.0.clone()).as_tuple(), ledger) {
                (Some(tuple), Ok(ledger)) => ledgers.push((tuple, ledger)),
                (None, _) | (_, Err(_)) => tracing::error!(item = %item.key.0, "a ledger cannot be read"),
            }
        }
        match found.next {
            Some(after) => page.after = Some(after),
            None => return Ok(ledgers),
        }
    }
}

async fn note_missing(kari: &Kari, tuple: &Tuple) -> Result<bool, Error> {
    let ledger = load_ledger(kari, tuple).await?;
    let events = ledger::observe_missing(&ledger.state, kari.clock.now());
    let noted = !events.is_empty();
    record(kari, &ledger, &events).await?;
    if noted {
        settle_and_end(kari, tuple).await?;
    }
    Ok(noted)
}

async fn record(kari: &Kari, ledger: &Loaded<Ledger>, events: &[LedgerEvent]) -> Result<(), Error> {
    let actor = Actor::System { reason: SystemReason::Reconciler };
    let mut transaction = Transaction::new(kari, kari.clock.now(), actor, Cause::Reconcile);
    transaction.record_ledger(ledger, events)?;
    transaction.commit().await.map(|_| ())
}

/// Ends the grants of requesters who were disabled or deleted. The read model raises the suspicion;
/// only the directory itself, asked live, ends a grant.
///
/// # Errors
/// If the store or the read model cannot be read.
pub async fn end_grants_of_disabled_users(kari: &Kari) -> Result<Report, Error> {
    let snapshot = kari.read_model.load().await?;
    let mut report = Report::default();
    for request in open_grants(kari).await? {
        let enabled = |user: &kari_domain::directory::User| user.enabled;
        if snapshot.users.get(&request.requester).is_some_and(enabled) {
            continue;
        }
        match kari.directory.user(&request.requester).await {
            Ok(user) if user.as_ref().is_some_and(enabled) => {}
            Ok(_) => {
                let ended = end_grant(kari, &request).await;
                report.ended += report.count("a grant of somebody disabled", ended.map(|()| true));
            }
            Err(_) => report.failed += 1,
        }
    }
    Ok(report)
}

async fn end_grant(kari: &Kari, request: &RequestKeys) -> Result<(), Error> {
    match end_for_disabled_requester(kari, request.id).await {
        Ok(()) => advance(kari, request.id).await.map(|_| ()),
        Err(Error::Corrupt(_)) => {
            let (account, permission_set) = (request.account.clone(), request.permission_set.clone());
            let target = Target { account, permission_set };
            let tuple = Tuple { principal: request.requester.clone(), target };
            take_out(kari, &tuple, request.id).await?;
            settle(kari, &tuple).await.map(|_| ())
        }
        Err(error) => Err(error),
    }
}

async fn open_grants(kari: &Kari) -> Result<Vec<RequestKeys>, Error> {
    let states = vec![RequestState::Activating, RequestState::Active];
    let filter = RequestFilter { states, ..RequestFilter::default() };
    let mut page = PageRequest { limit: PAGE, after: None };
    let mut grants = vec![];
    loop {
        let found = kari.store.requests(&RequestScope::All, &filter, &page).await?;
        grants.extend(found.items.into_iter().filter_map(|item| item.request));
        match found.next {
            Some(after) => page.after = Some(after),
            None => return Ok(grants),
        }
    }
}

/// Looks through these accounts for assignments that nobody here knows of. They are reported, never
/// removed, except a late creation of ours, which is owned.
///
/// # Errors
/// None of its own: what fails is counted, and the next account is looked at.
pub async fn find_drift(kari: &Kari, accounts: &[AccountId]) -> Result<Report, Error> {
    let mut report = Report::default();
    for account in accounts {
        match listed_in(kari, account).await {
            Ok(listed) => compare(kari, account, &listed, &mut report).await,
            Err(_) => report.failed += 1,
        }
    }
    Ok(report)
}

/// Every user assignment that Identity Center lists in an account.
async fn listed_in(kari: &Kari, account: &AccountId) -> Result<BTreeSet<Tuple>, CallError> {
    let mut listed = BTreeSet::new();
    for permission_set in kari.assignments.provisioned(account).await? {
        for principal in kari.assignments.assigned_users(account, &permission_set).await? {
            let target = Target { account: account.clone(), permission_set: permission_set.clone() };
            listed.insert(Tuple { principal, target });
        }
    }
    Ok(listed)
}

async fn compare(kari: &Kari, account: &AccountId, listed: &BTreeSet<Tuple>, report: &mut Report) {
    for tuple in listed {
        let noted = note_listed(kari, tuple).await;
        report.drift += report.count("an assignment that is listed", noted);
    }
    let gone = note_gone(kari, account, listed).await;
    report.count("drift that is gone", gone.map(|()| false));
}

/// What was drift and is not listed any more is over: if it comes back it is reported again.
async fn note_gone(kari: &Kari, account: &AccountId, listed: &BTreeSet<Tuple>) -> Result<(), Error> {
    for (tuple, ledger) in ledgers(kari, &format!("assignment/{account}/")).await? {
        if !listed.contains(&tuple) && !ledger::note_drift_gone(&ledger).is_empty() {
            let ledger = load_ledger(kari, &tuple).await?;
            record(kari, &ledger, &ledger::note_drift_gone(&ledger.state)).await?;
        }
    }
    Ok(())
}

/// The accounts that can hold assignments, by the read model.
///
/// # Errors
/// If the read model cannot be read.
pub async fn active_accounts(kari: &Kari) -> Result<Vec<AccountId>, Error> {
    let snapshot = kari.read_model.load().await?;
    let active = snapshot.accounts.values().filter(|account| account.status == AccountStatus::Active);
    Ok(active.map(|account| account.id.clone()).collect())
}

/// Whether it is drift that was not known before.
async fn note_listed(kari: &Kari, tuple: &Tuple) -> Result<bool, Error> {
    let ledger = load_ledger(kari, tuple).await?;
    let late = ledger::confirm_absence(&ledger.state, Looked::Listed, kari.clock.now());
    if !late.is_empty() {
        record(kari, &ledger, &late).await?;
        settle_and_end(kari, tuple).await?;
        return Ok(false);
    }
    let events = ledger::note_drift(&ledger.state);
    record(kari, &ledger, &events).await?;
    if on(Mutant::RemovesDrift) && !events.is_empty() {
        let _ = kari.assignments.delete(tuple).await;
    }
    Ok(!events.is_empty())
}
