//! What one record or one item does must not hold up the others.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;

use crate::Error;

/// The same, but a panic is an error like that of data that cannot be understood: it met what nobody thought
/// of. Ending the process for it would only meet it again after each restart, and nothing else would go on.
/// Whatever was begun is dropped, and nothing of it is kept but what the store has.
pub(crate) async fn isolated<T>(task: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    AssertUnwindSafe(task).catch_unwind().await.unwrap_or_else(|panic| {
        Err(Error::Corrupt(format!("handling it failed badly: {}", message(&*panic))))
    })
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let literal = panic.downcast_ref::<&str>().copied();
    literal.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no word why")
}
