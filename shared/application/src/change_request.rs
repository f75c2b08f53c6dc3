//! What people do to a request that exists: load → decide → append, and start the workflow where that
//! makes it due.

use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use kari_domain::request::{AccessRequest, Asked, Command, Decision, decide};
use kari_domain::text::Comment;

use crate::caller::Caller;
use crate::load::warning_for;
use crate::relay::hint_workflow;
use crate::review_request::review;
use crate::revoke_grant::{leave, revoke};
use crate::transaction::{ATTEMPTS, Committed, Transaction};
use crate::{Error, Kari, load_request};

/// What a person wants done.
pub(crate) enum Change {
    Review(Decision, Option<Comment>),
    Withdraw,
    Revoke(Option<Comment>),
}

/// Does it, deciding again whenever somebody else was first.
///
/// # Errors
/// A refusal by the domain; [`Error::NotFound`] if there is no such request.
pub(crate) async fn change_request(
    kari: &Kari,
    caller: &Caller,
    cause: Cause,
    id: RequestId,
    change: &Change,
) -> Result<AccessRequest, Error> {
    for _ in 0..ATTEMPTS {
        let loaded = load_request(kari, id).await?;
        let asked = loaded.state.asked().ok_or(Error::NotFound)?;
        let command = command(kari, caller, cause, asked, change).await?;
        let events = decide(&loaded.state, &command)?;
        let mut transaction = Transaction::new(kari, kari.clock.now(), caller.actor(), cause);
        transaction.by(caller);
        let next = transaction.record_request(&loaded, &events, warning_for(kari, &loaded.state).await)?;
        if let Some((ledger, left)) = leave(kari, asked, &events).await? {
            transaction.record_ledger(&ledger, &left)?;
        }
        transaction.evaluated_with(command.evaluated_with());
        if transaction.commit().await? == Committed::Yes {
            hint_workflow(kari, id, &events).await;
            return Ok(next.state);
        }
    }
    Err(Error::Busy)
}

/// The command, with every fact that its decision needs; the clock is read last.
async fn command(
    kari: &Kari,
    caller: &Caller,
    cause: Cause,
    asked: &Asked,
    change: &Change,
) -> Result<Command, Error> {
    match change {
        Change::Review(decision, comment) => {
            review(kari, caller, cause, asked, *decision, comment.as_ref()).await
        }
        Change::Withdraw => Ok(Command::Withdraw { by: caller.user.id.clone(), now: kari.clock.now() }),
        Change::Revoke(comment) => revoke(kari, caller, asked, comment.as_ref()).await,
    }
}
