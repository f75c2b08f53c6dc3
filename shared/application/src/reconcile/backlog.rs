//! How far behind things are.

use std::collections::BTreeSet;

use kari_domain::audit::StreamId;
use kari_domain::ledger::{Ledger, REACH_CHECK};
use kari_domain::request::{AccessRequest, EndingState, RequestState};
use kari_domain::time::Instant;

use super::PAGE;
use crate::ports::{Due, Item, ItemKey, PageRequest, RequestFilter, RequestScope};
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
    let filter = RequestFilter { states: vec![RequestState::Ending], ..RequestFilter::default() };
    let mut page = PageRequest { limit: PAGE, after: None };
    let mut counted = BTreeSet::new();
    loop {
        let found = kari.store.requests(&RequestScope::All, &filter, &page).await?;
        for item in found.items {
            let Ok(AccessRequest::Ending(state)) = serde_json::from_str(&item.body) else { continue };
            if let Some(ledger) = blocked_ledger(kari, &item, &state).await? {
                late.blocked.insert(item.key);
                late.blocked_ledgers.insert(ledger.clone());
                counted.insert(ledger);
            } else if state.overdue {
                late.overdue += 1;
                counted.extend(item.request.as_ref().map(|of| ItemKey::from(&StreamId::ledger(&of.tuple()))));
            }
        }
        match found.next {
            Some(after) => page.after = Some(after),
            None => return Ok(counted),
        }
    }
}

/// Counts ledgers that no request waits for that was counted: what was created late, after its request was closed,
/// and what only unreadable requests held. What is overdue is due all the time, or soon, where it is blocked.
async fn late_ledgers(
    kari: &Kari,
    counted: &BTreeSet<ItemKey>,
    late: &mut LateRemovals,
) -> Result<(), Error> {
    let until = kari.clock.now() + REACH_CHECK;
    let mut last = None;
    loop {
        let due = kari.store.due(until, last.as_ref(), PAGE).await?;
        for Due { key, .. } in &due {
            if counted.contains(key) || StreamId::from_stored(key.0.clone()).as_tuple().is_none() {
                continue;
            }
            let ledger = read_ledger(kari, key).await?;
            let Some(ledger) = ledger.filter(|ledger| ledger.overdue_since.is_some()) else { continue };
            if is_blocked(&ledger) {
                late.blocked.insert(key.clone());
                late.blocked_ledgers.insert(key.clone());
            } else {
                late.overdue += 1;
            }
        }
        match due.last() {
            Some(due) => last = Some(due.clone()),
            None => return Ok(()),
        }
    }
}

/// The ledger that says what is in the way now, if anything is: a request is marked once.
async fn blocked_ledger(kari: &Kari, item: &Item, state: &EndingState) -> Result<Option<ItemKey>, Error> {
    let Some(request) = item.request.as_ref().filter(|_| state.blocked.is_some()) else { return Ok(None) };
    let key = ItemKey::from(&StreamId::ledger(&request.tuple()));
    let ledger = read_ledger(kari, &key).await?;
    Ok(ledger.is_some_and(|ledger| is_blocked(&ledger)).then_some(key))
}

fn is_blocked(ledger: &Ledger) -> bool {
    ledger.trouble.as_ref().is_some_and(|trouble| trouble.code.blocks())
}

/// A ledger, if it can be read.
async fn read_ledger(kari: &Kari, key: &ItemKey) -> Result<Option<Ledger>, Error> {
    let item = kari.store.item(key).await?;
    Ok(item.and_then(|item| serde_json::from_str(&item.body).ok()))
}
