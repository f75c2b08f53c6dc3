//! The task that the state machine invokes again and again: drives one access request as far as it goes
//! now, and says where to wait until when.
//!
//! It must hold no rule but one: what the reconciler does soon enough is left to the reconciler, because
//! every wait costs a state transition.

use chrono::{DurationRound, TimeDelta};
use kari_application::advance::Advanced;
use kari_application::ports::{ItemKey, Unavailable};
use kari_application::reconcile::drive;
use kari_application::{Error, Kari};
use kari_domain::audit::StreamId;
use kari_domain::ids::RequestId;
use kari_domain::request::{AccessRequest, Why};
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

/// The reconciler takes up whatever is due once a minute. Further away than this, a removal need not be
/// waited for: a second look, or an account out of reach.
const LEFT_TO_RECONCILER: TimeDelta = TimeDelta::seconds(90);

/// What the state machine hands over: at the start the request's id alone, later the answer before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Task {
    pub request_id: RequestId,
    /// How many times in a row a removal was waited for.
    #[serde(default)]
    pub rounds: u32,
}

/// Where the state machine waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub request_id: RequestId,
    pub next: Next,
    /// Until when, to the second, not before what it waits for is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    pub rounds: u32,
}

/// The state machine's waits, by their names in its definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Next {
    WaitForStart,
    AwaitActivation,
    HoldUntilExpiry,
    AwaitRemoval,
    /// What is left to do, the reconciler does.
    LeftToReconciler,
    Done,
}

/// Why a task failed. Its name is what the state machine matches on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    /// Repeating may help.
    #[error("{0}")]
    Unavailable(String),
    /// Repeating does not help; access ends by its ledger.
    #[error("{0}")]
    Corrupt(String),
}

impl TaskError {
    /// The name of the kind of error, as the state machine's definition has it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "Kari.Unavailable",
            Self::Corrupt(_) => "Kari.Corrupt",
        }
    }
}

impl From<Error> for TaskError {
    fn from(error: Error) -> Self {
        let text = error.to_string();
        if let Error::Corrupt(_) = error { Self::Corrupt(text) } else { Self::Unavailable(text) }
    }
}

impl From<Unavailable> for TaskError {
    fn from(error: Unavailable) -> Self {
        Self::from(Error::from(error))
    }
}

/// Drives the request of a task.
///
/// # Errors
/// [`TaskError::Unavailable`] if a port failed, [`TaskError::Corrupt`] if the request cannot be understood.
pub async fn handle(kari: &Kari, task: &Task) -> Result<Answer, TaskError> {
    let id = task.request_id;
    let (next, at) = match drive(kari, &ItemKey::from(&StreamId::request(id))).await? {
        Advanced::Done => (Next::Done, None),
        // Nobody is waited for here: an approval starts an execution of its own.
        Advanced::At(_, Why::AwaitReview) => (Next::LeftToReconciler, None),
        Advanced::At(at, Why::WaitForStart) => (Next::WaitForStart, Some(at)),
        Advanced::At(at, Why::AwaitActivation) => (Next::AwaitActivation, Some(at)),
        Advanced::At(at, Why::HoldUntilExpiry) => (Next::HoldUntilExpiry, Some(expiry(kari, id, at).await?)),
        Advanced::At(at, Why::AwaitRemoval) if at > kari.clock.now() + LEFT_TO_RECONCILER => {
            (Next::LeftToReconciler, None)
        }
        Advanced::At(at, Why::AwaitRemoval) => (Next::AwaitRemoval, Some(at)),
    };
    let rounds = if next == Next::AwaitRemoval { task.rounds + 1 } else { 0 };
    tracing::info!(request.id = %id, ?next, ?at, rounds, "driven");
    Ok(Answer { request_id: id, next, at: at.map(to_the_second), rounds })
}

/// When the window of an active request is over. It wants to be driven before, at `at`, to warn of its end:
/// the reconciler does that.
async fn expiry(kari: &Kari, id: RequestId, at: Instant) -> Result<Instant, TaskError> {
    let item = kari.store.item(&ItemKey::from(&StreamId::request(id))).await?;
    let request = item.and_then(|item| serde_json::from_str(&item.body).ok());
    Ok(match request {
        Some(AccessRequest::Active(state)) => state.grant.window.expires_at,
        Some(_) | None => at,
    })
}

/// Upwards: the state machine waits to the second, and who comes too early is sent away again.
fn to_the_second(at: Instant) -> Instant {
    at.duration_round_up(TimeDelta::seconds(1)).unwrap_or(at)
}
