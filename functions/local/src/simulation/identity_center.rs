use std::collections::BTreeMap;
use std::sync::Arc;

use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use kari_api::{Names, Person, Problem, Problems, SyncedCaller};
use kari_application::Error;
use kari_domain::directory::Snapshot;
use kari_embedded::identity_center::{Action, AssignmentView, By, CallView, Principal, Service, World};
use serde::Serialize;
use utoipa::ToSchema;

use super::Simulation;
use super::operations::{SimulatedOperation, operation};
use crate::labels::{AccountLabel, PermissionSetLabel};

/// How many calls are shown.
const CALLS: usize = 200;

/// What the simulated Identity Center holds, and what it was asked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SimulatedIdentityCenter {
    /// As AWS would list them.
    assignments: Vec<SimulatedAssignment>,
    /// Accepted and still in progress.
    operations: Vec<SimulatedOperation>,
    /// The last calls about assignments, the newest first; at most 200.
    calls: Vec<SimulatedCall>,
    /// How often each operation was called since the data directory was made.
    totals: BTreeMap<String, u64>,
}

/// An account assignment of a user.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SimulatedAssignment {
    account: AccountLabel,
    permission_set: PermissionSetLabel,
    user: Person,
    /// The role in the account; empty for a moment while a listing lags behind.
    #[schema(example = "AWSReservedSSO_ReadOnly_0123456789abcdef")]
    role_name: String,
    since: DateTime<Utc>,
    created_by: CreatedBy,
}

/// Who created it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CreatedBy {
    Kari,
    Outside,
}

/// A call it received.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SimulatedCall {
    at: DateTime<Utc>,
    #[schema(example = "CreateAccountAssignment")]
    operation: String,
    /// What it was about, in readable names.
    target: String,
    /// `ok`, or the AWS name of the error.
    #[schema(example = "ThrottlingException")]
    outcome: String,
}

/// The simulated Identity Center
#[utoipa::path(get, path = "/simulation/identity-center", operation_id = "get_simulated_identity_center",
    tag = "simulation", responses((status = 200, body = SimulatedIdentityCenter), Problems))]
pub(crate) async fn get_simulated_identity_center(
    Extension(simulation): Extension<Arc<Simulation>>,
    me: SyncedCaller,
) -> Result<Json<SimulatedIdentityCenter>, Problem> {
    let snapshot = &me.around.snapshot;
    let seen = simulation.identity_center.with(|world, now| {
        let assignments = world.assignments(now);
        let operations = world.operations_in_flight(now);
        SimulatedIdentityCenter {
            assignments: assignments.into_iter().filter_map(|a| assignment(a, snapshot)).collect(),
            operations: operations.into_iter().filter_map(|o| operation(o, snapshot)).collect(),
            calls: calls(world),
            totals: totals(world),
        }
    });
    Ok(Json(seen.map_err(Error::from)?))
}

/// Groups' assignments are not Kari's business and are not shown.
fn assignment(view: AssignmentView, snapshot: &Snapshot) -> Option<SimulatedAssignment> {
    let Principal::User(user) = view.principal else { return None };
    let names = Names(snapshot);
    Some(SimulatedAssignment {
        account: AccountLabel::of(&view.account, names),
        permission_set: PermissionSetLabel::of(&view.permission_set, names),
        user: names.person(&user, Some(&view.principal_name)),
        role_name: view.role_name.unwrap_or_default(),
        since: view.since,
        created_by: match view.created_by {
            By::Kari => CreatedBy::Kari,
            By::Outside | By::Departure => CreatedBy::Outside,
        },
    })
}

/// Reading the directory would drown what matters; it shows in the totals.
fn calls(world: &World) -> Vec<SimulatedCall> {
    let recent = world.recent_calls(usize::MAX).into_iter();
    recent.filter(|call| is_about_assignments(call.action)).take(CALLS).map(call).collect()
}

fn is_about_assignments(action: Action) -> bool {
    let describes = [Action::ListPermissionSets, Action::DescribePermissionSet].contains(&action);
    action.service() == Service::SsoAdmin && !describes
}

fn call(view: CallView) -> SimulatedCall {
    SimulatedCall {
        at: view.at,
        operation: format!("{:?}", view.action),
        target: view.arguments,
        outcome: view.error.unwrap_or("ok").to_owned(),
    }
}

fn totals(world: &World) -> BTreeMap<String, u64> {
    world.counts().iter().map(|(action, count)| (format!("{action:?}"), count.calls)).collect()
}
