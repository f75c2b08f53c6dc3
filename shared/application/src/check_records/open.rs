//! What is open, whether anything calls it due or not.

use kari_domain::audit::StreamId;

use super::items::due_by_body;
use super::mend::check_stream;
use super::policies::check_policies_in_force;
use crate::ports::{Item, PageRequest};
use crate::{Error, Kari};

const PAGE: usize = 200;
/// What has to end, and so has to be due.
const PREFIXES: [&str; 2] = ["request/", "assignment/"];

/// Checks every request and every ledger that is open, and the policies: what access and decisions rest on
/// now. What is over is left to `kari audit verify`.
///
/// # Errors
/// If the store cannot be read.
pub async fn check_open(kari: &Kari) -> Result<(), Error> {
    for prefix in PREFIXES {
        let mut page = PageRequest { limit: PAGE, after: None };
        loop {
            let found = kari.store.items(prefix, &page).await?;
            for item in found.items.into_iter().filter(is_open) {
                let stream = StreamId::from_stored(item.key.0);
                if let Err(error) = check_stream(kari, &stream).await {
                    tracing::warn!(%stream, %error, "it could not be checked; the rest goes on");
                }
            }
            page.after = found.next;
            if page.after.is_none() {
                break;
            }
        }
    }
    check_policies_in_force(kari).await
}

/// NB. Also what nobody calls due: an open item without a due instant would stay open for ever.
fn is_open(item: &Item) -> bool {
    item.due_at.is_some() || !matches!(due_by_body(item), Ok(None))
}
