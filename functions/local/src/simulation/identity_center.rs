use std::collections::BTreeMap;
use std::sync::Arc;

use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use kari_api::{Names, Problem, Problems, SyncedCaller};
use kari_application::Error;
use kari_embedded::identity_center::{
    Action, AssignmentView, By, CallView, Injected, Principal, Service, World,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Simulation;
use super::operations::{SimulatedOperation, operation};
use super::state::FaultKind;
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

/// An account assignment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SimulatedAssignment {
    account: AccountLabel,
    permission_set: PermissionSetLabel,
    principal: SimulatedPrincipal,
    /// The role in the account; empty for a moment while a listing lags behind.
    #[schema(example = "AWSReservedSSO_ReadOnly_0123456789abcdef")]
    role_name: String,
    since: DateTime<Utc>,
    created_by: CreatedBy,
    /// The user was deleted: nobody has access by it, and listings go on showing it.
    orphaned: bool,
}

/// Who holds it, by the name they have in Identity Center.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SimulatedPrincipal {
    kind: SimulatedPrincipalKind,
    id: String,
    name: String,
}

/// A person, or everybody in a group.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SimulatedPrincipalKind {
    User,
    Group,
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
    /// `ok`, with the status that it told; or the AWS name of the error.
    #[schema(example = "ok · FAILED")]
    outcome: String,
    /// The fault that struck it, which the caller cannot see; only one that a visitor can set off.
    fault: Option<FaultKind>,
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
            assignments: assignments.into_iter().map(|a| assignment(a, Names(snapshot))).collect(),
            operations: operations.into_iter().filter_map(|o| operation(o, snapshot)).collect(),
            calls: calls(world),
            totals: totals(world),
        }
    });
    Ok(Json(seen.map_err(Error::from)?))
}

fn assignment(view: AssignmentView, names: Names<'_>) -> SimulatedAssignment {
    let (kind, id) = match view.principal {
        Principal::User(user) => (SimulatedPrincipalKind::User, user.to_string()),
        Principal::Group(group) => (SimulatedPrincipalKind::Group, group.to_string()),
    };
    SimulatedAssignment {
        account: AccountLabel::of(&view.account, names),
        permission_set: PermissionSetLabel::of(&view.permission_set, names),
        principal: SimulatedPrincipal { kind, id, name: view.principal_name },
        role_name: view.role_name.unwrap_or_default(),
        since: view.since,
        created_by: match view.created_by {
            By::Kari => CreatedBy::Kari,
            By::Outside | By::Departure => CreatedBy::Outside,
        },
        orphaned: view.orphaned,
    }
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
        outcome: match (view.error, view.status) {
            (Some(error), _) => error.to_owned(),
            (None, Some(status)) => format!("ok · {status}"),
            (None, None) => "ok".to_owned(),
        },
        fault: view.injected.and_then(fault),
    }
}

fn fault(injected: Injected) -> Option<FaultKind> {
    match injected {
        Injected::Throttled => Some(FaultKind::Throttle),
        Injected::ResponseLost => Some(FaultKind::LoseNextResponse),
        Injected::FailsAfterAccepting => Some(FaultKind::FailAfterAccepting),
        Injected::Outage
        | Injected::Conflict
        | Injected::Denied
        | Injected::InternalError
        | Injected::RequestLost
        | Injected::Late
        | Injected::Ghost => None,
    }
}

fn totals(world: &World) -> BTreeMap<String, u64> {
    world.counts().iter().map(|(action, count)| (format!("{action:?}"), count.calls)).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use kari_domain::directory::{Group, Snapshot, User};
    use kari_domain::ids::{GroupId, UserId};
    use kari_domain::time::Instant;
    use kari_embedded::identity_center::{Assignment, FaultPlan};
    use serde_json::json;

    use super::*;

    #[test]
    fn assignments_of_groups_and_of_deleted_users_are_listed_as_what_they_are() {
        let (alice, admins) = (UserId::parse("u-alice").unwrap(), GroupId::parse("g-admins").unwrap());
        let user = User {
            id: alice.clone(),
            user_name: "alice".to_owned(),
            display_name: "Alice".to_owned(),
            email: None,
            enabled: true,
        };
        let group = Group { id: admins.clone(), display_name: "Admins".to_owned() };
        let before = Snapshot {
            users: [(alice.clone(), user)].into(),
            groups: [(admins.clone(), group)].into(),
            ..Snapshot::default()
        };
        let mut world = World::new(&before, 1, FaultPlan::calm());
        let now = Instant::UNIX_EPOCH;
        for principal in [Principal::User(alice.clone()), Principal::Group(admins)] {
            let account = "111122223333".parse().unwrap();
            let permission_set = "arn:aws:sso:::permissionSet/ssoins-1/ps-1".parse().unwrap();
            world.assign_outside(now, &Assignment { account, permission_set, principal });
        }
        world.delete_user(now, &alice);
        // The read model knows her no more.
        let snapshot = Snapshot::default();
        let listed = world.assignments(now + TimeDelta::minutes(1)).into_iter();
        let shown = listed.map(|view| assignment(view, Names(&snapshot)));
        let told: Vec<_> = shown.map(|shown| json!([shown.principal, shown.orphaned])).collect();
        let expected = [
            json!([{ "kind": "user", "id": "u-alice", "name": "Alice" }, true]),
            json!([{ "kind": "group", "id": "g-admins", "name": "Admins" }, false]),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_call_shows_what_was_told_and_what_was_done_to_it() {
        let shown = |error, status, injected| {
            let action = Action::DescribeAccountAssignmentCreationStatus;
            let view = CallView {
                at: Instant::UNIX_EPOCH,
                action,
                arguments: String::new(),
                error,
                status,
                injected,
            };
            let call = json!(call(view));
            json!([call["outcome"], call["fault"]])
        };
        assert_eq!(shown(None, Some("FAILED"), None), json!(["ok · FAILED", null]));
        assert_eq!(
            shown(None, None, Some(Injected::FailsAfterAccepting)),
            json!(["ok", "fail-after-accepting"])
        );
        assert_eq!(
            shown(Some("NoAnswer"), None, Some(Injected::ResponseLost)),
            json!(["NoAnswer", "lose-next-response"])
        );
        assert_eq!(shown(Some("NoAnswer"), None, Some(Injected::Outage)), json!(["NoAnswer", null]));
    }
}
