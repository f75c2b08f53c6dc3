//! What people do to a request that exists: load → decide → append, and start the workflow where that
//! makes it due.

use chrono::TimeDelta;
use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use kari_domain::request::{self, AccessRequest, Asked, Command, Decision, decide};
use kari_domain::settings::Settings;
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

/// The policies that something is decided by at first, and once it turns out that they were edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AsOf {
    /// NB. The append makes sure that they are so still.
    LastRead,
    Now,
}

/// What is due within this is begun at once, and not by the relay.
const HURRIED_WITHIN: TimeDelta = TimeDelta::minutes(1);

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
    let mut as_of = AsOf::LastRead;
    for _ in 0..ATTEMPTS {
        let loaded = load_request(kari, id).await?;
        let asked = loaded.state.asked().ok_or(Error::NotFound)?;
        let command = command(kari, caller, cause, asked, change, as_of).await?;
        let decided_by = std::mem::replace(&mut as_of, AsOf::Now);
        let decided = decide(&loaded.state, &command);
        // NB. Where nothing is recorded, no append makes sure of the policies: nobody is refused, or told that it is done
        // already, by what is so no more.
        let records_nothing = decided.as_ref().is_ok_and(Vec::is_empty) || decided.is_err();
        if records_nothing && decided_by == AsOf::LastRead && is_outdated(kari, &command).await? {
            continue;
        }
        let events = decided?;
        let mut transaction = Transaction::new(kari, kari.clock.now(), caller.actor(), cause);
        transaction.by(caller);
        let next = transaction.record_request(&loaded, &events, warning_for(kari, &loaded.state).await)?;
        if let Some((ledger, left)) = leave(kari, asked, &events).await? {
            transaction.record_ledger(&ledger, &left)?;
        }
        transaction.evaluated_with(command.evaluated_with());
        if transaction.commit().await? == Committed::Yes {
            if is_due_soon(kari, &next.state) {
                hint_workflow(kari, id, &events).await;
            }
            return Ok(next.state);
        }
    }
    Err(Error::Busy)
}

/// Whether the relay, which starts the workflow for certain, could be too slow for anybody who waits for it.
fn is_due_soon(kari: &Kari, request: &AccessRequest) -> bool {
    let soon = kari.clock.now() + HURRIED_WITHIN;
    request::due(request, Settings::default().expiry_warning_minutes).is_none_or(|due_at| due_at <= soon)
}

/// Whether somebody edited the policies since they were read for this command.
async fn is_outdated(kari: &Kari, command: &Command) -> Result<bool, Error> {
    let Some(version) = command.evaluated_with() else { return Ok(false) };
    Ok(kari.policies.current().await?.policy_set().version != version)
}

/// The command, with every fact that its decision needs; the clock is read last.
async fn command(
    kari: &Kari,
    caller: &Caller,
    cause: Cause,
    asked: &Asked,
    change: &Change,
    as_of: AsOf,
) -> Result<Command, Error> {
    match change {
        Change::Review(decision, comment) => {
            let policies = match as_of {
                AsOf::LastRead => kari.policies.last_read().await?,
                AsOf::Now => kari.policies.current().await?,
            };
            review(kari, &policies, caller, cause, asked, (*decision, comment.as_ref())).await
        }
        Change::Withdraw => Ok(Command::Withdraw { by: caller.user.id.clone(), now: kari.clock.now() }),
        Change::Revoke(comment) => revoke(kari, caller, asked, comment.as_ref()).await,
    }
}
