//! Refused commands of people who are known are recorded too.

use kari_application::caller::Caller;
use kari_application::record_attempt::record_attempt;
use kari_application::{Error, Kari};
use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;

/// Records that a command was refused. Whether that succeeds never changes the answer.
pub(crate) async fn record(
    kari: &Kari,
    caller: &Caller,
    command: &str,
    request: Option<RequestId>,
    refused: &Error,
) {
    if let Err(error) = record_attempt(kari, caller, Cause::Api, command, request, refused).await {
        tracing::error!(actor.id = %caller.user.id, command, %error, "a refused attempt was not recorded");
    }
}

/// Passes on what came of a command, and records it where it was refused.
pub(crate) async fn recorded<T>(
    kari: &Kari,
    caller: &Caller,
    command: &str,
    result: Result<T, Error>,
) -> Result<T, Error> {
    if let Err(refused) = &result {
        record(kari, caller, command, None, refused).await;
    }
    result
}
