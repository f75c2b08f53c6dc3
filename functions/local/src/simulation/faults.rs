use std::sync::Arc;

use axum::{Extension, Json};
use chrono::TimeDelta;
use kari_api::{Body, CommandProblems, Problem, SyncedCaller};
use kari_application::Error;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Simulation;
use super::state::{FaultKind, SimulationView, view};

/// How long throttling goes on.
const THROTTLING: TimeDelta = TimeDelta::minutes(1);

/// Which fault.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetOff {
    kind: FaultKind,
}

/// Set off a fault in the simulated Identity Center
#[utoipa::path(post, path = "/simulation/faults", operation_id = "set_off_fault", tag = "simulation",
    request_body = SetOff, responses((status = 200, body = SimulationView), CommandProblems))]
pub(crate) async fn set_off_fault(
    Extension(simulation): Extension<Arc<Simulation>>,
    _me: SyncedCaller,
    Body(fault): Body<SetOff>,
) -> Result<Json<SimulationView>, Problem> {
    let set_off = simulation.identity_center.with(|world, now| match fault.kind {
        FaultKind::Throttle => world.throttle_for(now, THROTTLING),
        FaultKind::LoseNextResponse => world.lose_next_response(),
        FaultKind::FailAfterAccepting => world.fail_next_after_accepting(),
    });
    set_off.map_err(Error::from)?;
    view(&simulation).map(Json)
}
