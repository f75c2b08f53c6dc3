//! Where something is that goes on the next time. It survives the process, so that what was cut off does not
//! begin with the same again.

use kari_domain::audit::Head;
use kari_domain::ids::AppendId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::load::corrupt;
use crate::ports::{Append, AppendError, Item, ItemChange, ItemKey};
use crate::{Error, Kari};

/// Where the search for drift is.
pub(crate) const SEARCH: &str = "reconciler/drift";
/// Where the check of what is open is.
pub(crate) const CHECK: &str = "reconciler/check";

/// The place that was remembered last. Whatever cannot be understood is a new beginning.
pub(crate) async fn remembered<P: DeserializeOwned>(kari: &Kari, key: &str) -> Result<Option<P>, Error> {
    let item = kari.store.item(&ItemKey(key.to_owned())).await?;
    Ok(item.and_then(|item| serde_json::from_str(&item.body).ok()))
}

/// Remembers a place, or what else the next one begins with. Where two meet, either's is as good.
pub(crate) async fn remember<P: Serialize>(kari: &Kari, key: &str, place: &P) -> Result<(), Error> {
    match kari.store.append(&remembering(kari, key, place)?).await {
        Ok(()) | Err(AppendError::Conflict(_)) => Ok(()),
        // Whether it happened shows the next time. NB. It may be a right that is missing.
        Err(AppendError::Unknown(error)) => {
            tracing::warn!(key, %error, "how far this is may not have been remembered");
            Ok(())
        }
        Err(AppendError::Unavailable(error)) => Err(error.into()),
    }
}

/// What remembers it, for whoever has to know whether that happened.
pub(crate) fn remembering<P: Serialize>(kari: &Kari, key: &str, place: &P) -> Result<Append, Error> {
    let body = serde_json::to_string(place).map_err(corrupt)?;
    let item = Item { key: ItemKey(key.to_owned()), head: Head::empty(), due_at: None, request: None, body };
    Ok(Append {
        id: AppendId(kari.ids.fresh()),
        at: kari.clock.now(),
        streams: vec![],
        unchanged: vec![],
        items: vec![ItemChange::Put(item)],
        claims: vec![],
    })
}
