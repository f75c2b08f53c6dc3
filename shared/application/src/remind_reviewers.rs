//! Reminding reviewers of what lapses soon. By the clock and the list of what waits: reminding is no fact
//! about a request, and whoever does it remembers that it was done.

use chrono::TimeDelta;
use kari_domain::request::{AccessRequest, RequestState};
use kari_domain::time::Instant;

use crate::ports::{PageRequest, RequestFilter, RequestScope, Shown};
use crate::{Error, Kari, load_request};

const PAGE: usize = 200;
/// How long before a request lapses its reviewers are reminded, at most.
const LONGEST_LEAD: TimeDelta = TimeDelta::hours(1);
/// Of a time to review that is short, the last quarter.
const QUARTER: i32 = 4;

/// Has whoever could review what lapses soon reminded of it. One that fails holds up no other; it comes
/// again with the next round. Returns how many failed.
///
/// # Errors
/// If the list cannot be read.
pub async fn remind_reviewers(kari: &Kari) -> Result<usize, Error> {
    if kari.boards.is_empty() {
        return Ok(0);
    }
    let filter = RequestFilter { states: vec![RequestState::Pending], ..RequestFilter::default() };
    let mut page = PageRequest { limit: PAGE, after: None };
    let mut failed = 0;
    loop {
        let found = kari.store.requests(&RequestScope::All, &filter, &page).await?;
        let now = kari.clock.now();
        // What is pending is due when it lapses.
        let soon = |due: Option<Instant>| due.is_some_and(|lapses_at| lapses_at - now <= LONGEST_LEAD);
        for keys in found.items.into_iter().filter(|item| soon(item.due_at)).filter_map(|item| item.request) {
            if let Err(error) = remind(kari, keys.id).await {
                tracing::info!(request.id = %keys.id, %error, "its reviewers were not reminded; they will be");
                failed += 1;
            }
        }
        page.after = found.next;
        if page.after.is_none() {
            return Ok(failed);
        }
    }
}

async fn remind(kari: &Kari, id: kari_domain::ids::RequestId) -> Result<(), Error> {
    let loaded = load_request(kari, id).await?;
    if !is_time(&loaded.state, kari.clock.now()) {
        return Ok(());
    }
    let shown = Shown { state: loaded.state, version: loaded.head.version };
    let mut outcome = Ok(());
    for board in &kari.boards {
        outcome = outcome.and(board.remind(&shown).await);
    }
    Ok(outcome?)
}

/// Whether it waits, and will not for much longer.
fn is_time(request: &AccessRequest, now: Instant) -> bool {
    let AccessRequest::Pending(pending) = request else { return false };
    let lapses_at = pending.asked.submission.lapses_at;
    let lead = ((lapses_at - pending.asked.submitted_at) / QUARTER).min(LONGEST_LEAD);
    (lapses_at - lead..lapses_at).contains(&now)
}
