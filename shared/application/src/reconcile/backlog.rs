//! How far behind things are.

use std::collections::BTreeSet;

use kari_domain::audit::StreamId;
use kari_domain::ledger::Ledger;
use kari_domain::request::{AccessRequest, EndingState, RequestState};
use kari_domain::time::Instant;

use super::PAGE;
use crate::ports::{Item, ItemKey, PageRequest, RequestFilter, RequestScope};
use crate::{Error, Kari};

/// Removals that are not done as soon as they should be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LateRemovals {
    /// How many grants have an end that was not observed in time, and people were alarmed.
    pub overdue: usize,
    /// The requests whose removal cannot succeed for now, because the account is out of reach. They are counted
    /// apart, and none of them is overdue: one that stays for weeks must not hide those that come after it.
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
    let filter = RequestFilter { states: vec![RequestState::Ending], ..RequestFilter::default() };
    let mut page = PageRequest { limit: PAGE, after: None };
    let mut late = LateRemovals::default();
    loop {
        let found = kari.store.requests(&RequestScope::All, &filter, &page).await?;
        for item in found.items {
            let Ok(AccessRequest::Ending(state)) = serde_json::from_str(&item.body) else { continue };
            if let Some(ledger) = blocked_ledger(kari, &item, &state).await? {
                late.blocked.insert(item.key);
                late.blocked_ledgers.insert(ledger);
            } else {
                late.overdue += usize::from(state.overdue);
            }
        }
        match found.next {
            Some(after) => page.after = Some(after),
            None => return Ok(late),
        }
    }
}

/// The ledger that says what is in the way now, if anything is: a request is marked once.
async fn blocked_ledger(kari: &Kari, item: &Item, state: &EndingState) -> Result<Option<ItemKey>, Error> {
    let Some(request) = item.request.as_ref().filter(|_| state.blocked.is_some()) else { return Ok(None) };
    let key = ItemKey::from(&StreamId::ledger(&request.tuple()));
    let ledger = kari.store.item(&key).await?;
    let ledger = ledger.and_then(|item| serde_json::from_str::<Ledger>(&item.body).ok());
    let trouble = ledger.and_then(|ledger| ledger.trouble);
    Ok(trouble.is_some_and(|trouble| trouble.code.blocks()).then_some(key))
}
