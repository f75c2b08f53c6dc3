//! Assignments that Identity Center lists and nobody here knows of.

use std::collections::{BTreeMap, BTreeSet};

use kari_domain::audit::StreamId;
use kari_domain::ids::{AccountId, PermissionSetArn, Target, Tuple, UserId};
use kari_domain::ledger::{self, Ledger, Looked, Ownership, Presence};
use kari_domain::mutants::{Mutant, on};
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::last::is_last;
use super::paced::{COMPARING, paced};
use super::{PAGE, Report, active_accounts, reconciling, record, settle_and_end};
use crate::ports::{Assignees, CallError, PageRequest};
use crate::settle::{Intent, Patience};
use crate::transaction::Committed;
use crate::{Error, Kari, load_ledger, place};

/// How much new drift of one account is recorded at a time, all in one transaction; the rest is found the
/// next time.
const MOST_AT_ONCE: usize = 25;

/// How far the search is.
#[derive(Serialize, Deserialize)]
struct Place {
    /// The account that was searched last.
    last: AccountId,
}

/// What was seen of an account.
struct Seen {
    /// When the look began.
    looked_at: Instant,
    /// To whom each permission set is assigned.
    listed: BTreeMap<Target, Assignees>,
    /// Permission sets that could not be looked at.
    unseen: BTreeSet<PermissionSetArn>,
}

impl Seen {
    fn shows(&self, tuple: &Tuple) -> bool {
        self.listed.get(&tuple.target).is_some_and(|listed| listed.users.contains(&tuple.principal))
    }

    /// Every assignment of a user.
    fn tuples(&self) -> Vec<Tuple> {
        let of = |(target, listed): (&Target, &Assignees)| {
            let tuple = |user: &UserId| Tuple { principal: user.clone(), target: target.clone() };
            listed.users.iter().map(tuple).collect::<Vec<_>>()
        };
        self.listed.iter().flat_map(of).collect()
    }
}

/// Looks through so many active accounts, where the last search stopped, for assignments that nobody here
/// knows of. They are reported, never removed, except a late creation of ours, which is owned. No account
/// is begun after the deadline.
///
/// # Errors
/// If the store or the read model cannot be read; what fails about one account is counted, and the next
/// one is looked at.
pub async fn find_drift(kari: &Kari, most: usize, deadline: Instant) -> Result<Report, Error> {
    let kari = &paced(kari, COMPARING);
    let mut report = Report::default();
    for account in next_accounts(kari, most).await? {
        if kari.clock.now() >= deadline {
            report.left += 1;
            continue;
        }
        // Before it is searched: an account that cannot be got through must not be in the others' way.
        let remembered = place::remember(kari, place::SEARCH, &Place { last: account.clone() }).await;
        report.count("the place of the search", remembered.map(|()| true));
        search(kari, &account, &mut report).await;
    }
    Ok(report)
}

/// The accounts behind the one that was searched last, round and round.
async fn next_accounts(kari: &Kari, most: usize) -> Result<Vec<AccountId>, Error> {
    let place: Option<Place> = place::remembered(kari, place::SEARCH).await?;
    let last = place.map(|place| place.last);
    let accounts = active_accounts(kari).await?;
    let (behind, before): (Vec<_>, Vec<_>) =
        accounts.into_iter().partition(|account| last.as_ref().is_none_or(|last| account > last));
    Ok(behind.into_iter().chain(before).take(most).collect())
}

async fn search(kari: &Kari, account: &AccountId, report: &mut Report) {
    match look_through(kari, account, report).await {
        Ok(seen) => {
            let compared = compare(kari, account, &seen, report).await;
            report.compared +=
                report.count("an account that was searched for drift", compared.map(|()| true));
        }
        Err(error) => report.fail("an account to search for drift", &error),
    }
}

/// Every assignment that Identity Center lists in an account.
async fn look_through(kari: &Kari, account: &AccountId, report: &mut Report) -> Result<Seen, CallError> {
    let looked_at = kari.clock.now();
    let mut seen = Seen { looked_at, listed: BTreeMap::new(), unseen: BTreeSet::new() };
    for permission_set in kari.assignments.provisioned(account).await? {
        match kari.assignments.assignees(account, &permission_set).await {
            Ok(listed) => {
                seen.listed.insert(Target { account: account.clone(), permission_set }, listed);
            }
            Err(error) => {
                report.fail("a permission set to search for drift", &error);
                seen.unseen.insert(permission_set);
            }
        }
    }
    Ok(seen)
}

/// The ledgers are read in one go. Only where one seems to differ it is read again, for certain.
async fn compare(kari: &Kari, account: &AccountId, seen: &Seen, report: &mut Report) -> Result<(), Error> {
    let known = ledgers(kari, account).await?;
    for (target, listed) in &seen.listed {
        if is_last(listed, |user| ownership(&known, target, user)) {
            report.last += 1;
            kari.said_last.say(target, kari.clock.now());
        }
    }
    let nothing = Ledger::default();
    let of = |tuple: &Tuple| known.get(tuple).unwrap_or(&nothing);
    let tuples = seen.tuples();
    let listed = || tuples.iter().map(|tuple| (tuple, of(tuple)));
    for (tuple, _) in listed().filter(|(_, known)| is_late_creation(known, seen.looked_at)) {
        let noted = note_late_creation(kari, tuple, seen.looked_at).await;
        report.count("a late creation", noted.map(|()| true));
    }
    let new = listed().filter(|(_, known)| !ledger::note_drift(known, seen.looked_at).is_empty());
    let new: Vec<_> = new.map(|(tuple, _)| tuple).take(MOST_AT_ONCE).collect();
    let found = record_drift(kari, &new, seen.looked_at, report).await;
    report.drift += report.count("an assignment that nobody knows of", found);
    for (tuple, _) in known.iter().filter(|(tuple, known)| is_gone(tuple, known, seen)) {
        let noted = note_gone(kari, tuple, seen.looked_at).await;
        report.count("drift that is gone", noted);
    }
    Ok(())
}

/// Whose an assignment is that the ledger says is present.
fn ownership(known: &BTreeMap<Tuple, Ledger>, target: &Target, user: &UserId) -> Option<Ownership> {
    let ledger = known.get(&Tuple { principal: user.clone(), target: target.clone() })?;
    match &ledger.presence {
        Presence::Present { vanished_at: None, ownership, .. } => Some(*ownership),
        Presence::Present { vanished_at: Some(_), .. }
        | Presence::Creating { .. }
        | Presence::Removing { .. }
        | Presence::Absent { .. } => None,
    }
}

/// The ledgers of an account.
async fn ledgers(kari: &Kari, account: &AccountId) -> Result<BTreeMap<Tuple, Ledger>, Error> {
    let of_account = StreamId::ledgers_of(account);
    let mut ledgers = BTreeMap::new();
    let mut page = PageRequest { limit: PAGE, after: None };
    loop {
        let found = kari.store.items(of_account.as_str(), &page).await?;
        for item in found.items {
            let ledger = serde_json::from_str::<Ledger>(&item.body);
            match (StreamId::from_stored(item.key.0.clone()).as_tuple(), ledger) {
                (Some(tuple), Ok(ledger)) => {
                    ledgers.insert(tuple, ledger);
                }
                (None, _) | (_, Err(_)) => tracing::error!(item = %item.key.0, "a ledger cannot be read"),
            }
        }
        match found.next {
            Some(after) => page.after = Some(after),
            None => return Ok(ledgers),
        }
    }
}

fn is_late_creation(ledger: &Ledger, looked_at: Instant) -> bool {
    !ledger::confirm_absence(ledger, Looked::Listed, looked_at).is_empty()
}

async fn note_late_creation(kari: &Kari, tuple: &Tuple, looked_at: Instant) -> Result<(), Error> {
    let ledger = load_ledger(kari, tuple).await?;
    record(kari, &ledger, &ledger::confirm_absence(&ledger.state, Looked::Listed, looked_at)).await?;
    settle_and_end(kari, tuple, Patience::None, Intent::Read).await.map(|_| ())
}

/// New drift is recorded for each tuple, and all together, so that it is told together. How much was new;
/// none where somebody else was first: the next search finds it.
async fn record_drift(
    kari: &Kari,
    tuples: &[&Tuple],
    looked_at: Instant,
    report: &mut Report,
) -> Result<usize, Error> {
    let mut transaction = reconciling(kari);
    let mut found = vec![];
    for tuple in tuples {
        match load_ledger(kari, tuple).await {
            Ok(ledger) => {
                let events = ledger::note_drift(&ledger.state, looked_at);
                transaction.record_ledger(&ledger, &events)?;
                found.extend((!events.is_empty()).then_some(*tuple));
            }
            Err(error) => report.fail("an assignment that nobody knows of", &error),
        }
    }
    if transaction.commit().await? != Committed::Yes {
        return Ok(0);
    }
    if on(Mutant::RemovesDrift) {
        for tuple in &found {
            let _ = kari.assignments.delete(tuple).await;
        }
    }
    Ok(found.len())
}

fn is_gone(tuple: &Tuple, ledger: &Ledger, seen: &Seen) -> bool {
    let looked = !seen.unseen.contains(&tuple.target.permission_set);
    looked && !seen.shows(tuple) && !ledger::note_drift_gone(ledger, seen.looked_at).is_empty()
}

/// What was drift and is not listed any more is over: if it comes back it is reported again. Where somebody else was
/// first, the next search finds it gone.
async fn note_gone(kari: &Kari, tuple: &Tuple, looked_at: Instant) -> Result<bool, Error> {
    let ledger = load_ledger(kari, tuple).await?;
    record(kari, &ledger, &ledger::note_drift_gone(&ledger.state, looked_at)).await
}
