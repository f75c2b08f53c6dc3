//! What goes wrong by itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

use super::complaint::Complaint;
use crate::identity_center::FaultPlan;
use crate::identity_center::http::Front;

pub(super) async fn plan(State(front): State<Arc<Front>>) -> Result<Json<FaultPlan>, Complaint> {
    Ok(Json(front.center.with(|world, _| world.fault_plan().clone())?))
}

/// The fields given are as given from now on; the others stay.
pub(super) async fn amend(
    State(front): State<Arc<Front>>,
    Json(fields): Json<Map<String, Value>>,
) -> Result<Json<FaultPlan>, Complaint> {
    let amended = front.center.with(|world, _| {
        let plan = amended(world.fault_plan(), fields)?;
        world.set_fault_plan(plan.clone());
        Ok(Json(plan))
    });
    amended?
}

fn amended(plan: &FaultPlan, fields: Map<String, Value>) -> Result<FaultPlan, Complaint> {
    let mut whole = json!(plan);
    for (name, value) in fields {
        // A field that is misspelt would otherwise change nothing, and nobody would notice.
        let field = whole.get_mut(&name).ok_or_else(|| Complaint::missing("field", &name))?;
        *field = value;
    }
    serde_json::from_value(whole).map_err(Complaint::wrong)
}
