use std::sync::Arc;

use axum::{Extension, Json};
use chrono::{DateTime, TimeDelta, Utc};
use kari_api::{Problem, Problems, SyncedCaller};
use kari_application::Error;
use kari_application::ports::Clock;
use kari_embedded::identity_center::ActiveFault;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Simulation;

/// The state of the simulation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Simulation)]
pub(crate) struct SimulationView {
    /// Kari's time, by which everything but tokens is judged.
    now: DateTime<Utc>,
    /// How far it is ahead of real time.
    skipped_minutes: i64,
    faults: Vec<FaultView>,
    /// Another one after each start of Kari.
    boot: Uuid,
    /// When Kari started, in real time.
    started_at: DateTime<Utc>,
}

/// A fault that is still to come or still going on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fault)]
pub(crate) struct FaultView {
    kind: FaultKind,
    /// Until when it goes on; `null` for one that strikes once.
    until: Option<DateTime<Utc>>,
}

/// A fault that a visitor can set off.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FaultKind {
    /// For a minute every call is answered *throttled*.
    Throttle,
    /// The next creation or deletion takes effect, but its answer is lost.
    LoseNextResponse,
    /// The next creation or deletion is accepted and fails afterwards.
    FailAfterAccepting,
}

/// The state of the simulation
#[utoipa::path(get, path = "/simulation", operation_id = "get_simulation", tag = "simulation",
    responses((status = 200, body = SimulationView), Problems))]
pub(crate) async fn get_simulation(
    Extension(simulation): Extension<Arc<Simulation>>,
    _me: SyncedCaller,
) -> Result<Json<SimulationView>, Problem> {
    view(&simulation).map(Json)
}

/// The state as it is now.
pub(super) fn view(simulation: &Simulation) -> Result<SimulationView, Problem> {
    let faults =
        simulation.identity_center.with(|world, now| world.active_faults(now)).map_err(Error::from)?;
    Ok(SimulationView {
        now: simulation.clock.now(),
        skipped_minutes: to_minutes(simulation.clock.offset()),
        faults: faults.into_iter().filter_map(fault).collect(),
        boot: simulation.boot,
        started_at: simulation.started_at,
    })
}

/// The nearest whole number of minutes: what a skip asks for is passed in steps, and may come out some seconds off.
fn to_minutes(offset: TimeDelta) -> i64 {
    (offset + TimeDelta::seconds(30)).num_minutes()
}

/// Only what a visitor can set off is shown.
fn fault(active: ActiveFault) -> Option<FaultView> {
    let (kind, until) = match active {
        ActiveFault::Throttling { until } => (FaultKind::Throttle, Some(until)),
        ActiveFault::LosesNextResponse { .. } => (FaultKind::LoseNextResponse, None),
        ActiveFault::FailsNextAfterAccepting { .. } => (FaultKind::FailAfterAccepting, None),
        ActiveFault::Denying { .. }
        | ActiveFault::IdentityCenterOutage { .. }
        | ActiveFault::DirectoryOutage { .. }
        | ActiveFault::LosesNextRequest { .. }
        | ActiveFault::DelaysNextCreation { .. } => return None,
    };
    Some(FaultView { kind, until })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_rounded_not_cut_off() {
        let minutes = |seconds| to_minutes(TimeDelta::seconds(seconds));
        assert_eq!([0, 29, 30, 899, 900, 901].map(minutes), [0, 0, 1, 15, 15, 15]);
    }
}
