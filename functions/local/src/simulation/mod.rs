//! What only a simulated Identity Center allows: skipping time, setting off faults, crashing, and
//! looking behind the curtain. None of these routes exists beside a real one.

mod crash;
mod faults;
mod identity_center;
mod operations;
mod skip;
mod state;

use std::sync::Arc;

use axum::Extension;
use kari_api::ApiState;
use kari_application::ports::Clock;
use kari_domain::time::Instant;
use kari_embedded::clock::{SystemClock, VirtualClock};
use kari_embedded::identity_center::SimulatedIdentityCenter;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::{App, Simulated};
use crate::loops::Timer;

/// What the handlers work with.
#[derive(Debug)]
pub struct Simulation {
    clock: Arc<VirtualClock>,
    identity_center: Arc<SimulatedIdentityCenter>,
    timer: Arc<Timer>,
    /// Another one after each start.
    boot: Uuid,
    /// In real time.
    started_at: Instant,
}

impl Simulation {
    /// The simulation of this Kari, which starts now; `None` beside a real Identity Center.
    pub fn of(app: &App) -> Option<Self> {
        let Simulated { clock, identity_center } = app.simulated.clone()?;
        Some(Self {
            clock,
            identity_center,
            timer: Arc::clone(&app.timer),
            boot: app.kari.ids.fresh(),
            started_at: SystemClock::default().now(),
        })
    }
}

/// The routes, relative to `/v1`.
pub fn routes(simulation: Arc<Simulation>) -> OpenApiRouter<ApiState> {
    documented().layer(Extension(simulation))
}

/// The routes without anything behind them, for the OpenAPI document.
pub(crate) fn documented() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(state::get_simulation))
        .routes(routes!(skip::skip_time))
        .routes(routes!(faults::set_off_fault))
        .routes(routes!(crash::crash))
        .routes(routes!(identity_center::get_simulated_identity_center))
}
