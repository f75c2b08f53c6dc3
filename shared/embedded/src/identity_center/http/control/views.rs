//! What there is to see.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::complaint::Complaint;
use crate::identity_center::{Instance, http::Front};

pub(super) async fn instance(State(front): State<Arc<Front>>) -> Result<Json<Instance>, Complaint> {
    Ok(Json(front.center.with(|world, _| world.instance().clone())?))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Last {
    limit: Option<usize>,
}

pub(super) async fn calls(
    State(front): State<Arc<Front>>,
    Query(last): Query<Last>,
) -> Result<Json<Value>, Complaint> {
    let limit = last.limit.unwrap_or(usize::MAX);
    let calls = front.center.with(|world, _| world.recent_calls(limit))?;
    Ok(Json(json!({ "calls": calls })))
}

pub(super) async fn assignments(State(front): State<Arc<Front>>) -> Result<Json<Value>, Complaint> {
    let seen = front.center.with(|world, now| {
        let present = world.present(now).into_iter();
        let present = present.map(|(assignment, by)| json!({ "assignment": assignment, "created_by": by }));
        json!({
            "listed": world.assignments(now),
            "present": present.collect::<Vec<_>>(),
            "in_flight": world.operations_in_flight(now),
        })
    });
    Ok(Json(seen?))
}
