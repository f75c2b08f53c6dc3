use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::{Extension, Json};
use chrono::TimeDelta;
use kari_api::{ApiState, Body, CommandProblems, Problem, SyncedCaller};
use kari_application::sync_directory::sync_directory;
use kari_application::{Error, Kari};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Simulation;
use super::state::{SimulationView, view};

/// Skips further than this are refused.
const FURTHEST_MINUTES: u32 = 31 * 24 * 60;

/// Further ahead than this nothing is skipped.
const FURTHEST_AHEAD: TimeDelta = TimeDelta::days(3_650);

/// In real time: how long a skip may take. What is left of it then is jumped over.
const PATIENCE: Duration = Duration::from_secs(6);

/// In real time: for those who were woken, to do something.
const BREATH: Duration = Duration::from_millis(20);

/// How far time goes while something is under way.
const STRIDE: TimeDelta = TimeDelta::seconds(2);

/// As often as the directory is read where nobody skips.
const DIRECTORY_EACH: TimeDelta = TimeDelta::minutes(10);

/// How far to skip.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Skip {
    #[schema(value_type = u32, minimum = 1, maximum = 44_640, example = 60)]
    minutes: SkipMinutes,
}

/// 1 minute to 31 days.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "u32")]
struct SkipMinutes(u32);

impl TryFrom<u32> for SkipMinutes {
    type Error = &'static str;

    fn try_from(minutes: u32) -> Result<Self, Self::Error> {
        let fits = (1..=FURTHEST_MINUTES).contains(&minutes);
        if fits { Ok(Self(minutes)) } else { Err("minutes must be 1 to 44640 (31 days)") }
    }
}

/// Skip time
///
/// Time passes quickly: everything that becomes due meanwhile happens at its time, as far as that takes a few
/// seconds only. Time never goes back.
#[utoipa::path(post, path = "/simulation/skip", operation_id = "skip_time", tag = "simulation",
    request_body = Skip, responses((status = 200, body = SimulationView), CommandProblems))]
pub(crate) async fn skip_time(
    State(api): State<ApiState>,
    Extension(simulation): Extension<Arc<Simulation>>,
    _me: SyncedCaller,
    Body(skip): Body<Skip>,
) -> Result<Json<SimulationView>, Problem> {
    if simulation.clock.offset() > FURTHEST_AHEAD {
        return Err(Problem::malformed(
            "too-far-ahead",
            "time is ten years ahead already; start with a new data directory",
        ));
    }
    pass(&api.kari, &simulation, TimeDelta::minutes(skip.minutes.0.into())).await?;
    view(&simulation).map(Json)
}

/// Lets time pass quickly: whatever becomes due meanwhile is done at its time, and not late at the end.
async fn pass(kari: &Kari, simulation: &Simulation, length: TimeDelta) -> Result<(), Error> {
    let begun = began();
    let (mut left, mut since_read) = (length, TimeDelta::zero());
    while left > TimeDelta::zero() {
        let step = if begun.elapsed() < PATIENCE { step(kari, left).await? } else { left };
        simulation.clock.skip(step)?;
        simulation.timer.wake();
        left -= step;
        since_read += step;
        if since_read >= DIRECTORY_EACH || left.is_zero() {
            since_read = TimeDelta::zero();
            // The sync wakes as well; what is asked next must not come before it.
            if let Err(error) = sync_directory(kari).await {
                tracing::warn!(%error, "the directory could not be read; the earlier copy stays in use");
            }
        }
        breathe().await;
    }
    Ok(())
}

/// As far as to what is due next; a little only while what is due waits for Identity Center.
async fn step(kari: &Kari, left: TimeDelta) -> Result<TimeDelta, Error> {
    let now = kari.clock.now();
    let next = kari.store.due(now + left, None, 1).await?;
    let until = next.first().map_or(left, |due| TimeDelta::seconds((due.at - now).num_seconds() + 1));
    Ok(until.max(STRIDE).min(left))
}

#[expect(clippy::disallowed_methods, reason = "in real time: whoever skips waits for it")]
fn began() -> std::time::Instant {
    std::time::Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "in real time: what was woken needs a moment")]
async fn breathe() {
    tokio::time::sleep(BREATH).await;
}
