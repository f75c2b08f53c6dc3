//! What is open, whether anything calls it due or not.

use kari_domain::audit::StreamId;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::items::due_by_body;
use super::mend::check_stream;
use super::policies::check_policies_in_force;
use super::untold::tell_untold;
use crate::ports::{Cursor, Item, ListError, PageRequest};
use crate::{Error, Kari, place};

const PAGE: usize = 200;
/// Where there is a deadline: a page is got through soon behind it.
const SMALL_PAGE: usize = 50;
/// What has to end, and so has to be due.
const PREFIXES: [&str; 2] = ["request/", "assignment/"];

/// How far a check is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Place {
    /// Which of the prefixes.
    part: usize,
    /// Behind what of it.
    after: Option<Cursor>,
}

impl Place {
    /// `None` at the end.
    fn prefix(&self) -> Option<&'static str> {
        PREFIXES.get(self.part).copied()
    }

    fn page(&self, limit: usize) -> PageRequest {
        PageRequest { limit, after: self.after.clone() }
    }

    /// Behind the page that is here, which says what follows it.
    fn behind(&self, next: Option<Cursor>) -> Self {
        let part = if next.is_some() { self.part } else { self.part + 1 };
        Self { part, after: next }
    }
}

/// Checks every request and every ledger that is open, and the policies: what access and decisions rest on
/// now. What is over is left to `kari audit verify`. First, administrators are told what they could not be told before.
///
/// # Errors
/// If the store cannot be read.
pub async fn check_open(kari: &Kari) -> Result<(), Error> {
    tell_untold(kari, Instant::MAX_UTC).await;
    let mut here = Place::default();
    while let Some(prefix) = here.prefix() {
        let found = kari.store.items(prefix, &here.page(PAGE)).await?;
        here = here.behind(found.next);
        check_each(kari, found.items).await;
    }
    check_policies_in_force(kari).await
}

/// The same of requests and ledgers alone, where all that there ever were are too many to be read at once. It
/// begins where the last one stopped, and goes to the end or until the deadline, after which no page is begun.
///
/// # Errors
/// If the store cannot be read, or cannot remember how far it is.
pub async fn check_open_until(kari: &Kari, deadline: Instant) -> Result<(), Error> {
    tell_untold(kari, deadline).await;
    let last: Option<Place> = place::remembered(kari, place::CHECK).await?;
    let mut here = last.filter(|place| place.prefix().is_some()).unwrap_or_default();
    while let Some(prefix) = here.prefix() {
        if kari.clock.now() >= deadline {
            tracing::info!("there was no time to check all that is open; the next check goes on from here");
            return Ok(());
        }
        let found = match kari.store.items(prefix, &here.page(SMALL_PAGE)).await {
            // A place that the store does not know any more is a new beginning.
            Err(ListError::BadCursor) if here.after.is_some() => {
                here = Place::default();
                continue;
            }
            found => found?,
        };
        here = here.behind(found.next);
        // Before it is checked: a page that cannot be got through must not be in the others' way.
        place::remember(kari, place::CHECK, &here).await?;
        check_each(kari, found.items).await;
    }
    Ok(())
}

/// What cannot be checked now has its turn the next time.
async fn check_each(kari: &Kari, found: Vec<Item>) {
    for item in found.into_iter().filter(is_open) {
        let stream = StreamId::from_stored(item.key.0);
        if let Err(error) = check_stream(kari, &stream).await {
            tracing::warn!(%stream, %error, "it could not be checked; the rest goes on");
        }
    }
}

/// NB. Also what nobody calls due: an open item without a due instant would stay open for ever.
fn is_open(item: &Item) -> bool {
    item.due_at.is_some() || !matches!(due_by_body(item), Ok(None))
}
