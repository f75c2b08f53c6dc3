//! Where the search for drift is. It survives the process, so that a search that was cut off does not
//! begin with the same accounts again.

use kari_domain::audit::Head;
use kari_domain::ids::{AccountId, AppendId};
use serde::{Deserialize, Serialize};

use crate::load::corrupt;
use crate::ports::{Append, AppendError, Item, ItemChange, ItemKey};
use crate::{Error, Kari};

pub(crate) const KEY: &str = "reconciler/drift";

#[derive(Serialize, Deserialize)]
struct Place {
    /// The account that was searched last.
    last: AccountId,
}

/// The account that was searched last. Whatever cannot be understood is a new beginning.
pub(super) async fn last_searched(kari: &Kari) -> Result<Option<AccountId>, Error> {
    let item = kari.store.item(&ItemKey(KEY.to_owned())).await?;
    Ok(item.and_then(|item| serde_json::from_str::<Place>(&item.body).ok()).map(|place| place.last))
}

/// Remembers that this account is searched. Where two searches meet, either's place is as good.
pub(super) async fn remember(kari: &Kari, account: &AccountId) -> Result<(), Error> {
    let body = serde_json::to_string(&Place { last: account.clone() }).map_err(corrupt)?;
    let item = Item { key: ItemKey(KEY.to_owned()), head: Head::empty(), due_at: None, request: None, body };
    let append = Append {
        id: AppendId(kari.ids.fresh()),
        at: kari.clock.now(),
        streams: vec![],
        unchanged: vec![],
        items: vec![ItemChange::Put(item)],
        claims: vec![],
    };
    match kari.store.append(&append).await {
        // Whether it happened shows the next time.
        Ok(()) | Err(AppendError::Conflict(_) | AppendError::Unknown(_)) => Ok(()),
        Err(AppendError::Unavailable(error)) => Err(error.into()),
    }
}
