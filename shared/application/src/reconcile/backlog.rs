//! How far behind things are.

use std::collections::{BTreeMap, BTreeSet};

use kari_domain::audit::StreamId;
use kari_domain::ledger::{Ledger, REACH_CHECK};
use kari_domain::request::{AccessRequest, RequestState};
use kari_domain::time::Instant;

use super::PAGE;
use crate::ports::{Item, ItemKey, PageRequest, RequestFilter, RequestScope};
use crate::{Error, Kari};

/// Removals that are not done as soon as they should be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LateRemovals {
    /// How many requests, and ledgers that none of these waits for, have an end that was not observed in time, and
    /// people were alarmed.
    pub overdue: usize,
    /// Those whose removal cannot succeed for now, because the account is out of reach. They are counted apart,
    /// and none of them is overdue: one that stays for weeks must not hide those that come after it.
    pub blocked: BTreeSet<ItemKey>,
    /// The ledgers of those.
    pub blocked_ledgers: BTreeSet<ItemKey>,
}

/// Since when that which has been due longest has been due; `None` if nothing is. What is blocked is due all the
/// time and does not count.
///
/// # Errors
/// If the store cannot say.
pub async fn oldest_due(kari: &Kari) -> Result<Option<Instant>, Error> {
    let until = kari.clock.now();
    let mut page = kari.store.due(until, None, PAGE).await?;
    if page.is_empty() {
        return Ok(None);
    }
    let LateRemovals { blocked, blocked_ledgers, .. } = late_removals(kari).await?;
    loop {
        let is_blocked = |key| blocked.contains(key) || blocked_ledgers.contains(key);
        if let Some(oldest) = page.iter().find(|due| !is_blocked(&due.key)) {
            return Ok(Some(oldest.at));
        }
        let Some(last) = page.last() else { return Ok(None) };
        page = kari.store.due(until, Some(last), PAGE).await?;
    }
}

/// The removals that are late now.
///
/// # Errors
/// If the store cannot say.
pub async fn late_removals(kari: &Kari) -> Result<LateRemovals, Error> {
    let mut late = LateRemovals::default();
    let counted = late_requests(kari, &mut late).await?;
    late_ledgers(kari, &counted, &mut late).await?;
    Ok(late)
}

/// Counts requests, and gives the ledgers that they wait for.
async fn late_requests(kari: &Kari, late: &mut LateRemovals) -> Result<BTreeSet<ItemKey>, Error> {
    let ending = ending_requests(kari).await?;
    // A request is marked once; its ledger says what is in the way now, if anything is.
    let marked = ending.iter().filter(|request| request.marked).filter_map(|request| request.ledger.clone());
    let ledgers = ledgers(kari, &marked.collect()).await?;
    let mut counted = BTreeSet::new();
    for Ending { key, ledger, marked, overdue } in ending {
        let blocks = |ledger: &&ItemKey| marked && ledgers.get(*ledger).is_some_and(is_blocked);
        if let Some(ledger) = ledger.as_ref().filter(blocks) {
            late.blocked.insert(key);
            late.blocked_ledgers.insert(ledger.clone());
        } else if overdue {
            late.overdue += 1;
        } else {
            continue;
        }
        counted.extend(ledger);
    }
    Ok(counted)
}

/// A request whose access is to go.
struct Ending {
    key: ItemKey,
    /// The ledger that it waits for.
    ledger: Option<ItemKey>,
    /// Its removal was found blocked.
    marked: bool,
    /// It is not done in time, and people were alarmed.
    overdue: bool,
}

async fn ending_requests(kari: &Kari) -> Result<Vec<Ending>, Error> {
    let filter = RequestFilter { states: vec![RequestState::Ending], ..RequestFilter::default() };
    let mut page = PageRequest { limit: PAGE, after: None };
    let mut ending = vec![];
    loop {
        let found = kari.store.requests(&RequestScope::All, &filter, &page).await?;
        ending.extend(found.items.into_iter().filter_map(ending_request));
        match found.next {
            Some(after) => page.after = Some(after),
            None => return Ok(ending),
        }
    }
}

fn ending_request(item: Item) -> Option<Ending> {
    let Ok(AccessRequest::Ending(state)) = serde_json::from_str(&item.body) else { return None };
    let ledger = item.request.map(|request| ItemKey::from(&StreamId::ledger(&request.tuple())));
    Some(Ending { key: item.key, ledger, marked: state.blocked.is_some(), overdue: state.overdue })
}

/// Counts ledgers that no request waits for that was counted: what was created late, after its request was closed,
/// and what only unreadable requests held. What is overdue is due all the time, or soon, where it is blocked.
async fn late_ledgers(
    kari: &Kari,
    counted: &BTreeSet<ItemKey>,
    late: &mut LateRemovals,
) -> Result<(), Error> {
    for (key, ledger) in ledgers(kari, &due_ledgers(kari, counted).await?).await? {
        if ledger.overdue_since.is_none() {
            continue;
        }
        if is_blocked(&ledger) {
            late.blocked.insert(key.clone());
            late.blocked_ledgers.insert(key);
        } else {
            late.overdue += 1;
        }
    }
    Ok(())
}

/// Every ledger that is due, or soon, without those that were counted.
async fn due_ledgers(kari: &Kari, counted: &BTreeSet<ItemKey>) -> Result<BTreeSet<ItemKey>, Error> {
    let until = kari.clock.now() + REACH_CHECK;
    let is_ledger = |key: &ItemKey| StreamId::from_stored(key.0.clone()).as_tuple().is_some();
    let (mut keys, mut last) = (BTreeSet::new(), None);
    loop {
        let due = kari.store.due(until, last.as_ref(), PAGE).await?;
        let of_page = due.iter().map(|due| &due.key);
        keys.extend(of_page.filter(|key| !counted.contains(*key) && is_ledger(key)).cloned());
        match due.last() {
            Some(due) => last = Some(due.clone()),
            None => return Ok(keys),
        }
    }
}

fn is_blocked(ledger: &Ledger) -> bool {
    ledger.trouble.as_ref().is_some_and(|trouble| trouble.code.blocks())
}

/// Those of these ledgers that can be read.
async fn ledgers(kari: &Kari, keys: &BTreeSet<ItemKey>) -> Result<BTreeMap<ItemKey, Ledger>, Error> {
    let items = kari.store.items_by_key(keys).await?;
    let ledger = |(key, item): (ItemKey, Item)| Some((key, serde_json::from_str::<Ledger>(&item.body).ok()?));
    Ok(items.into_iter().filter_map(ledger).collect())
}
