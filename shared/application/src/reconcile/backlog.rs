//! How far behind things are.

use kari_domain::request::{AccessRequest, RequestState};
use kari_domain::time::Instant;

use super::PAGE;
use crate::ports::{PageRequest, RequestFilter, RequestScope};
use crate::{Error, Kari};

/// Since when that which has been due longest has been due; `None` if nothing is.
///
/// # Errors
/// If the store cannot say.
pub async fn oldest_due(kari: &Kari) -> Result<Option<Instant>, Error> {
    Ok(kari.store.due(kari.clock.now(), None, 1).await?.first().map(|due| due.at))
}

/// How many grants have an end that was not observed in time, and people were alarmed.
///
/// # Errors
/// If the store cannot say.
pub async fn overdue_removals(kari: &Kari) -> Result<usize, Error> {
    let filter = RequestFilter { states: vec![RequestState::Ending], ..RequestFilter::default() };
    let mut page = PageRequest { limit: PAGE, after: None };
    let mut overdue = 0;
    loop {
        let found = kari.store.requests(&RequestScope::All, &filter, &page).await?;
        let requests = found.items.iter().filter_map(|item| serde_json::from_str(&item.body).ok());
        overdue += requests.filter(is_overdue).count();
        match found.next {
            Some(after) => page.after = Some(after),
            None => return Ok(overdue),
        }
    }
}

fn is_overdue(request: &AccessRequest) -> bool {
    matches!(request, AccessRequest::Ending(state) if state.overdue)
}
