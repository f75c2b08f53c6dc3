//! The requester takes a request back before access begins.

use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use kari_domain::request::AccessRequest;

use crate::caller::Caller;
use crate::change_request::{Change, change_request};
use crate::{Error, Kari};

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
    change_request(kari, caller, cause, id, &Change::Withdraw).await
}
