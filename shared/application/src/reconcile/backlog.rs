//! How far behind things are.

use kari_domain::request::{AccessRequest, RequestState};
use kari_domain::time::Instant;

use super::PAGE;
use crate::ports::{PageRequest, RequestFilter, RequestScope};
use crate::{Error, Kari};

/// What should have been done by now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Since when that which has been due longest has been due; `None` if nothing is.
    pub oldest_due: Option<Instant>,
    /// How many grants have an end that was not observed in time, and people were alarmed.
    pub overdue_removals: usize,
}

/// How far behind things are at this moment.
///
/// # Errors
/// If the store cannot say.
pub async fn backlog(kari: &Kari) -> Result<Backlog, Error> {
    let oldest = kari.store.due(kari.clock.now(), None, 1).await?;
    let oldest_due = oldest.first().map(|due| due.at);
    Ok(Backlog { oldest_due, overdue_removals: overdue_removals(kari).await? })
}

async fn overdue_removals(kari: &Kari) -> Result<usize, Error> {
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
