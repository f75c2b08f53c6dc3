//! What nobody could be told when it was found: whoever found it has no channel, or that took nothing, or nobody is an
//! administrator. It is put right all the same, and then nothing shows it any more. So it is left here, and the next
//! check tells it.

use chrono::TimeDelta;
use kari_domain::audit::StreamId;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use crate::ports::{Item, PageRequest, Unavailable};
use crate::relay::tell_damaged;
use crate::{Error, Kari, place};

/// What the keys of the state items begin with that hold it; the name of the stream follows. They stay when it was told,
/// and hold nothing then.
pub(super) const UNTOLD: &str = "untold/";

const PAGE: usize = 200;
/// For how long it is told before a check goes on: however much it is, the check is not held up.
const TELL_FOR: TimeDelta = TimeDelta::seconds(20);

/// With the instant at which it was found: told by that, it is the same message however late, and channels that took it
/// when others did not recognize it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Untold {
    pub(super) what: String,
    pub(super) found_at: Instant,
}

/// Leaves it for the next check.
pub(super) async fn leave(kari: &Kari, stream: &StreamId, untold: &Untold) {
    if let Err(error) = put(kari, stream, untold).await {
        tracing::warn!(%stream, %error, "it could not be left for the next check either");
    }
}

/// NB. Nothing else will show it: where nobody knows whether it was put, it was not. It is tried twice, by the same
/// append.
async fn put(kari: &Kari, stream: &StreamId, untold: &Untold) -> Result<(), Error> {
    let append = place::remembering(kari, &format!("{UNTOLD}{stream}"), &Some(untold))?;
    if kari.store.append(&append).await.is_ok() {
        return Ok(());
    }
    kari.store.append(&append).await.map_err(|error| Unavailable::new("the store", error).into())
}

/// Tells administrators what was left, until the deadline at the latest. What cannot be told now either stays.
pub(super) async fn tell_untold(kari: &Kari, deadline: Instant) {
    let until = deadline.min(kari.clock.now() + TELL_FOR);
    if let Err(error) = tell_each(kari, until).await {
        tracing::warn!(%error, "what nobody was told yet could not be read; the next check tries again");
    }
}

async fn tell_each(kari: &Kari, until: Instant) -> Result<(), Error> {
    let mut page = PageRequest { limit: PAGE, after: None };
    loop {
        let found = kari.store.items(UNTOLD, &page).await?;
        for item in &found.items {
            let Some((stream, untold)) = read(item) else { continue };
            if kari.clock.now() >= until {
                tracing::info!(
                    "there was no time to tell all that nobody was told yet; the next check goes on"
                );
                return Ok(());
            }
            if let Err(error) = tell(kari, item, &stream, &untold).await {
                tracing::warn!(%stream, %error, "administrators still could not be told");
            }
        }
        page.after = found.next;
        if page.after.is_none() {
            return Ok(());
        }
    }
}

/// What is left to be told, and of which stream; nothing where it was told.
fn read(item: &Item) -> Option<(StreamId, Untold)> {
    let stream = item.key.0.strip_prefix(UNTOLD)?;
    let untold = serde_json::from_str::<Option<Untold>>(&item.body).ok()??;
    Some((StreamId::from_stored(stream.to_owned()), untold))
}

async fn tell(kari: &Kari, item: &Item, stream: &StreamId, untold: &Untold) -> Result<(), Error> {
    tell_damaged(kari, stream, &untold.what, untold.found_at).await?;
    place::remember(kari, &item.key.0, &None::<Untold>).await
}
