use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::{Extension, Json};
use chrono::TimeDelta;
use kari_api::{ApiState, Body, CommandProblems, Problem, SyncedCaller};
use kari_application::ports::Due;
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

/// How far time goes while something is due: much less than the time after which a removal is late, or else Kari
/// would be blamed for time that never passed.
const STRIDE: TimeDelta = TimeDelta::minutes(1);

/// In real time: how long doing what becomes due on the way may take. What is left then is jumped over.
const PATIENCE: Duration = Duration::from_secs(4);
/// In real time: how long what is due is waited for. Whoever takes longer waits for Identity Center, and so for this
/// clock.
const AT_WORK: Duration = Duration::from_millis(250);
const LOOK_EACH: Duration = Duration::from_millis(5);

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
/// Everything that became due meanwhile happens now. Time never goes back.
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
    // The sync wakes as well; what is asked next must not come before it.
    if let Err(error) = sync_directory(&api.kari).await {
        tracing::warn!(%error, "the directory could not be read after the skip; the earlier copy stays in use");
    }
    view(&simulation).map(Json)
}

/// How far time may go at once: to the first instant at which something is due, or else whatever has to be done by
/// then, such as to begin what was approved, would come too late.
async fn until_something_happens(kari: &Kari, most: TimeDelta) -> Result<TimeDelta, Error> {
    let now = kari.clock.now();
    let first = kari.store.due(now + most, None, 1).await?;
    // The clock goes on by whole seconds.
    let until = |due: &Due| if due.at <= now { STRIDE } else { due.at - now + TimeDelta::seconds(1) };
    Ok(first.first().map_or(most, until))
}

#[expect(clippy::disallowed_methods, reason = "in real time: whoever skips waits for it")]
async fn pass(kari: &Kari, simulation: &Simulation, length: TimeDelta) -> Result<(), Error> {
    let until = tokio::time::Instant::now() + PATIENCE;
    let target = simulation.clock.offset() + length;
    let mut left = length;
    loop {
        let in_time = tokio::time::Instant::now() < until;
        let step = if in_time { left.min(until_something_happens(kari, left).await?) } else { left };
        simulation.clock.skip(step)?;
        simulation.timer.wake();
        // Not less the step: the clock goes on by whole seconds, and so often less far than it was told.
        left = target - simulation.clock.offset();
        if left <= TimeDelta::zero() {
            return Ok(());
        }
        let until = until.min(tokio::time::Instant::now() + AT_WORK);
        while !simulation.timer.is_at_rest(kari).await? && tokio::time::Instant::now() < until {
            tokio::time::sleep(LOOK_EACH).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use kari_application::ports::{Append, Item, ItemChange, ItemKey};
    use kari_domain::audit::Head;
    use kari_domain::ids::AppendId;
    use uuid::Uuid;

    use super::*;
    use crate::app::App;
    use crate::cli::{Cli, Command};
    use crate::data_dir::DataDir;

    #[tokio::test]
    async fn time_goes_as_far_as_was_asked_though_what_is_due_on_the_way_is_due_between_two_seconds() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDir::open(parent.path()).unwrap();
        let Command::Run(options) = Cli::parse_from(["kari"]).into_command() else { panic!("not run") };
        let app = App::open(&options, &directory).await.unwrap();
        let now = app.kari.clock.now();
        let item = Item {
            key: ItemKey("request/1".to_owned()),
            head: Head::empty(),
            due_at: Some(now + TimeDelta::milliseconds(90_500)),
            request: None,
            body: String::new(),
        };
        let append = Append {
            id: AppendId(Uuid::nil()),
            at: now,
            streams: vec![],
            unchanged: vec![],
            items: vec![ItemChange::Put(item)],
            claims: vec![],
        };
        app.kari.store.append(&append).await.unwrap();
        let simulation = Simulation::of(&app).unwrap();
        let before = simulation.clock.offset();
        pass(&app.kari, &simulation, TimeDelta::minutes(3)).await.unwrap();
        assert_eq!(simulation.clock.offset() - before, TimeDelta::minutes(3));
    }
}
