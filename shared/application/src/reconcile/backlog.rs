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
    let blocked = late_removals(kari).await?.blocked;
    loop {
        if let Some(oldest) = page.iter().find(|due| !blocked.contains(&due.key)) {
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
            if is_blocked(kari, &item, &state).await? {
                late.blocked.insert(item.key);
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

/// Whether it still is: a request is marked once, and the ledger says what is in the way now.
async fn is_blocked(kari: &Kari, item: &Item, state: &EndingState) -> Result<bool, Error> {
    let Some(request) = item.request.as_ref().filter(|_| state.blocked.is_some()) else { return Ok(false) };
    let ledger = kari.store.item(&ItemKey::from(&StreamId::ledger(&request.tuple()))).await?;
    let ledger = ledger.and_then(|item| serde_json::from_str::<Ledger>(&item.body).ok());
    let trouble = ledger.and_then(|ledger| ledger.trouble);
    Ok(trouble.is_some_and(|trouble| trouble.code.blocks()))
}
