//! The requester takes a request back before access begins.

use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use kari_domain::request::{AccessRequest, Command, decide};

use crate::caller::Caller;
use crate::load::expiry_warning;
use crate::transaction::{ATTEMPTS, Committed, Transaction};
use crate::{Error, Kari, load_request};

/// Withdraws a request.
///
/// # Errors
/// A refusal by the domain; [`Error::NotFound`] if there is no such request.
pub async fn withdraw_request(
    kari: &Kari,
    caller: &Caller,
    cause: Cause,
    id: RequestId,
) -> Result<AccessRequest, Error> {
    for _ in 0..ATTEMPTS {
        let loaded = load_request(kari, id).await?;
        loaded.state.asked().ok_or(Error::NotFound)?;
        let now = kari.clock.now();
        let events = decide(&loaded.state, &Command::Withdraw { by: caller.user.id.clone(), now })?;
        let warning = expiry_warning(kari).await;
        let mut transaction = Transaction::new(kari, now, caller.actor(), cause);
        let next = transaction.record_request(&loaded, &events, warning)?;
        if transaction.commit().await? == Committed::Yes {
            return Ok(next);
        }
    }
    Err(Error::Busy)
}
