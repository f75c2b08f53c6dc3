//! Recording that nobody reviewed a request in time, and nothing else. `advance` does this and much more,
//! with rights that whoever only asks for access does not have.

use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::request::{AccessRequest, Command, decide};

use crate::load::warning_for;
use crate::transaction::Transaction;
use crate::{Error, Kari, Loaded};

/// Records the lapse of a pending request that is over by the clock. Losing a race is no failure:
/// whoever was faster has recorded what became of it.
///
/// # Errors
/// A refusal by the domain where it is not pending or its time is not over.
pub(crate) async fn lapse_request(
    kari: &Kari,
    cause: Cause,
    loaded: &Loaded<AccessRequest>,
) -> Result<(), Error> {
    let now = kari.clock.now();
    let events = decide(&loaded.state, &Command::Lapse { now })?;
    let actor = Actor::System { reason: SystemReason::Clock };
    let mut transaction = Transaction::new(kari, now, actor, cause);
    transaction.record_request(loaded, &events, warning_for(kari, &loaded.state).await)?;
    transaction.commit().await.map(|_| ())
}
