//! How often and how hard each operation was called, and what was under way together.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use strum::VariantArray;

use super::complaint::Complaint;
use crate::identity_center::http::Front;
use crate::identity_center::http::traffic::{Peak, Scope};
use crate::identity_center::{Action, Count, Service};

#[derive(Debug, Serialize)]
pub(super) struct Counts {
    /// Every operation, also those that nobody called.
    operations: BTreeMap<Action, Pressed>,
    services: BTreeMap<Service, Pressed>,
    /// The most operations that were under way at once.
    most_operations_under_way: usize,
    /// For how many milliseconds at most nothing went on here: what came meanwhile came at once.
    longest_stall_ms: u64,
}

#[derive(Debug, Serialize)]
struct Pressed {
    /// The calls that reached the world; never reset.
    #[serde(flatten)]
    count: Count,
    #[serde(flatten)]
    peak: Peak,
}

pub(super) async fn counts(State(front): State<Arc<Front>>) -> Result<Json<Counts>, Complaint> {
    let counted = front.center.with(|world, _| world.counts().clone())?;
    let count = |action: &Action| counted.get(action).copied().unwrap_or_default();
    let peak = |scope| front.traffic.peak(scope);
    let operations = Action::VARIANTS
        .iter()
        .map(|action| (*action, Pressed { count: count(action), peak: peak(Scope::Action(*action)) }));
    let services = Service::VARIANTS.iter().map(|service| {
        let actions = Action::VARIANTS.iter().filter(|action| action.service() == *service);
        let count = actions.map(count).fold(Count::default(), |sum, count| Count {
            calls: sum.calls + count.calls,
            errors: sum.errors + count.errors,
        });
        (*service, Pressed { count, peak: peak(Scope::Service(*service)) })
    });
    Ok(Json(Counts {
        operations: operations.collect(),
        services: services.collect(),
        most_operations_under_way: front.traffic.most_operations(),
        longest_stall_ms: front.traffic.longest_stall_ms(),
    }))
}

pub(super) async fn forget_peaks(State(front): State<Arc<Front>>) -> Result<StatusCode, Complaint> {
    front.center.with(|world, now| {
        world.settle(now);
        front.traffic.forget_peaks(world.operations_under_way());
    })?;
    Ok(StatusCode::NO_CONTENT)
}
