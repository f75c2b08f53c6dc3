//! Which requests a button is about: the one whose id it carries, or those of the batch whose id it carries.

use kari_application::browse::{Seen, View, get_request, list_requests};
use kari_application::ports::{PageRequest, RequestFilter};
use kari_application::{Error, Kari};
use kari_domain::ids::{BatchId, RequestId};
use uuid::Uuid;

use crate::who::Reader;

/// How many requests one batch may have.
pub(crate) const MOST_IN_A_BATCH: usize = 50;
/// How many requests one page of a list has.
const PAGE: usize = 200;

/// The request with this id as the reader sees it, or else what waits for their review of the batch with this id.
///
/// # Errors
/// [`Error::NotFound`] if there is neither for them.
pub(crate) async fn of_id(kari: &Kari, reader: &Reader, id: Uuid) -> Result<Vec<Seen>, Error> {
    match get_request(kari, &reader.caller, &reader.around, RequestId(id)).await {
        Ok((seen, _)) => Ok(vec![seen]),
        Err(Error::NotFound) => {
            let batch = waiting_of(kari, reader, BatchId(id)).await?;
            if batch.is_empty() { Err(Error::NotFound) } else { Ok(batch) }
        }
        Err(error) => Err(error),
    }
}

/// What of a batch waits for the reader's review. NB. What they may review is all that they are told of.
pub(crate) async fn waiting_of(kari: &Kari, reader: &Reader, batch: BatchId) -> Result<Vec<Seen>, Error> {
    let is_of_it =
        |seen: &Seen| seen.request.asked().is_some_and(|asked| asked.submission.batch == Some(batch));
    let mut found = vec![];
    let mut page = PageRequest { limit: PAGE, after: None };
    loop {
        let filter = RequestFilter::default();
        let part =
            list_requests(kari, &reader.caller, &reader.around, View::ToReview, &filter, &page).await?;
        found.extend(part.items.into_iter().filter(is_of_it));
        page.after = part.next;
        if page.after.is_none() || found.len() >= MOST_IN_A_BATCH {
            found.truncate(MOST_IN_A_BATCH);
            return Ok(found);
        }
    }
}
