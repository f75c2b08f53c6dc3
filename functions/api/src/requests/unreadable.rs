//! A request that cannot be understood waits for operators, so they are told of it.

use kari_application::relay::tell_unreadable;
use kari_application::{Error, Kari};
use kari_domain::audit::StreamId;
use kari_domain::ids::RequestId;

/// Tells administrators where reading a request failed because of what is recorded: whoever meets it first,
/// a person or the system, and once for each stream. Whether that succeeds never changes the answer.
pub(super) async fn told<T>(kari: &Kari, id: RequestId, read: Result<T, Error>) -> Result<T, Error> {
    if let Err(Error::Corrupt(_)) = &read
        && let Err(error) = tell_unreadable(kari, &StreamId::request(id)).await
    {
        tracing::error!(request.id = %id, %error, "nobody could be told of a request that cannot be read");
    }
    read
}
