//! Faults on demand.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::TimeDelta;
use kari_domain::time::Instant;
use serde::Deserialize;
use serde_json::{Value, json};

use super::complaint::Complaint;
use crate::identity_center::World;
use crate::identity_center::http::Front;

/// A fault to set off, as `{"fault": "throttle", "seconds": 5}`.
#[derive(Debug, Deserialize)]
#[serde(tag = "fault", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Fault {
    /// All of `sso-admin` answers *throttled*.
    Throttle { seconds: u32 },
    /// All of `sso-admin` answers *access denied*.
    Deny { seconds: u32 },
    /// `sso-admin` does not answer.
    IdentityCenterOutage { seconds: u32 },
    /// `identitystore` and `organizations` do not answer.
    DirectoryOutage { seconds: u32 },
    /// The next write that is accepted takes effect, and its answer is lost.
    LoseNextResponse,
    /// The next write never arrives.
    LoseNextRequest,
    /// The next write is accepted and fails.
    FailNextAfterAccepting,
    /// The next creation lands late.
    DelayNextCreation,
}

pub(super) async fn active(State(front): State<Arc<Front>>) -> Result<Json<Value>, Complaint> {
    let active = front.center.with(|world, now| world.active_faults(now))?;
    Ok(Json(json!({ "faults": active })))
}

pub(super) async fn set_off(
    State(front): State<Arc<Front>>,
    Json(fault): Json<Fault>,
) -> Result<StatusCode, Complaint> {
    front.center.with(|world, now| strike(world, now, &fault))?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn clear(State(front): State<Arc<Front>>) -> Result<StatusCode, Complaint> {
    front.center.with(|world, _| world.clear_faults())?;
    Ok(StatusCode::NO_CONTENT)
}

fn strike(world: &mut World, now: Instant, fault: &Fault) {
    let length = |seconds: u32| TimeDelta::seconds(seconds.into());
    match *fault {
        Fault::Throttle { seconds } => world.throttle_for(now, length(seconds)),
        Fault::Deny { seconds } => world.deny_for(now, length(seconds)),
        Fault::IdentityCenterOutage { seconds } => world.identity_center_down_for(now, length(seconds)),
        Fault::DirectoryOutage { seconds } => world.directory_down_for(now, length(seconds)),
        Fault::LoseNextResponse => world.lose_next_response(),
        Fault::LoseNextRequest => world.lose_next_request(),
        Fault::FailNextAfterAccepting => world.fail_next_after_accepting(),
        Fault::DelayNextCreation => world.delay_next_creation(),
    }
}
