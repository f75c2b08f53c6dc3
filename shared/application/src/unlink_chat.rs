//! Taking an account of a chat away from the user it speaks for: by themselves, or, for somebody who lost a device or
//! left, by an administrator.

use kari_domain::audit::{Cause, StreamId};
use kari_domain::ids::UserId;

use crate::caller::Caller;
use crate::channel_event::ChannelEvent;
use crate::chat_links::{StoredLink, link_key, linked_user, put_link, stored_link};
use crate::ports::ClaimChange;
use crate::transaction::{ATTEMPTS, Committed, State, Transaction};
use crate::{Error, Kari, Loaded};

/// Ends the link between an account of a chat and this user, from this moment on. Once more is no failure, and is not
/// recorded again. The account is nobody's then: a new code may link it to anybody, which is somebody's deliberate act.
///
/// # Errors
/// [`Error::NotFound`] if the account never was this user's, or the caller is neither the user nor an administrator;
/// or if it cannot be read or stored.
pub async fn unlink(
    kari: &Kari,
    caller: &Caller,
    channel: &str,
    user: &UserId,
    account: &str,
) -> Result<(), Error> {
    // NB. By the id. What is linked to others does not exist for anybody but administrators.
    if caller.user.id != *user && !caller.administrator {
        return Err(Error::NotFound);
    }
    let stream = StreamId::channel(channel);
    for _ in 0..ATTEMPTS {
        let now = kari.clock.now();
        // NB. Before the rest is read: whoever links or unlinks meanwhile moves it, and this is decided again.
        let head = kari.store.state(&stream).await?.head;
        let stored = stored_link(kari, channel, user, account).await?;
        if linked_user(kari, account).await?.as_ref() != Some(user) {
            return stored.map(|_| ()).ok_or(Error::NotFound);
        }
        let mut transaction = Transaction::new(kari, now, caller.actor(), Cause::Api);
        transaction.by(caller);
        let event = ChannelEvent::Unlinked { account: account.to_owned(), user: user.clone() };
        let loaded = Loaded { stream: stream.clone(), head, state: () };
        let head = transaction.record(&loaded, &[event], State::default())?;
        transaction.claim(ClaimChange::Release { key: link_key(account), value: user.to_string() });
        let (name, linked_at) = stored.map_or((None, now), |stored| (stored.name, stored.linked_at));
        let (user, account) = (user.clone(), account.to_owned());
        let ended = StoredLink { user, account, name, linked_at, unlinked_at: Some(now) };
        transaction.item(put_link(channel, &ended, head)?);
        if transaction.commit().await? == Committed::Yes {
            let StoredLink { user, account, .. } = ended;
            tracing::info!(actor.id = %caller.user.id, user.id = %user, account, "an account of a chat was unlinked");
            return Ok(());
        }
    }
    Err(Error::Busy)
}
