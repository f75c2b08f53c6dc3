//! A small organization, a clock that jumps, and short names for long things.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::ports::Clock;
use kari_domain::directory::{
    Account, AccountStatus, Group, OrganizationalUnit, PermissionSet, Snapshot, User,
};
use kari_domain::ids::{AccountId, GroupId, OuId, PermissionSetArn, Target, Tuple, UserId};
use kari_domain::time::{Instant, Minutes};
use kari_embedded::identity_center::{
    ApiError, Assignment, FaultPlan, Operation, OperationState, Principal, World, WriteKind,
};

pub(crate) const MANAGEMENT: &str = "000000000001";
pub(crate) const PAYMENTS: &str = "111122223333";
pub(crate) const SANDBOX: &str = "222233334444";

pub(crate) fn at(seconds: i64) -> Instant {
    Instant::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

pub(crate) fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

pub(crate) fn user(name: &str) -> UserId {
    UserId::parse(format!("u-{name}")).unwrap()
}

pub(crate) fn group(name: &str) -> GroupId {
    GroupId::parse(format!("g-{name}")).unwrap()
}

pub(crate) fn unit(name: &str) -> OuId {
    OuId::parse(if name == "root" { "r-root".to_owned() } else { format!("ou-{name}") }).unwrap()
}

pub(crate) fn set(name: &str) -> PermissionSetArn {
    PermissionSetArn::parse(format!("arn:aws:sso:::permissionSet/ssoins-1/ps-{name}")).unwrap()
}

pub(crate) fn tuple(who: &str, permission_set: &str, account_id: &str) -> Tuple {
    Tuple {
        principal: user(who),
        target: Target { account: account(account_id), permission_set: set(permission_set) },
    }
}

/// Hanako as administrator of the payments account, unless told otherwise.
pub(crate) fn hanako() -> Assignment {
    Assignment::from(tuple("hanako", "Admin", PAYMENTS))
}

pub(crate) fn kenji() -> Assignment {
    Assignment::from(tuple("kenji", "Admin", PAYMENTS))
}

pub(crate) fn of_group(name: &str) -> Assignment {
    Assignment { principal: Principal::Group(group(name)), ..hanako() }
}

fn person(name: &str, enabled: bool) -> (UserId, User) {
    let id = user(name);
    let user = User {
        id: id.clone(),
        user_name: name.to_owned(),
        display_name: format!("{name} さん"),
        email: Some(format!("{name}@example.com")),
        enabled,
    };
    (id, user)
}

fn account_in(id: &str, name: &str, path: &[&str]) -> (AccountId, Account) {
    let account = Account {
        id: account(id),
        name: name.to_owned(),
        status: AccountStatus::Active,
        management: id == MANAGEMENT,
        left_out: None,
        path: path.iter().map(|name| unit(name)).collect(),
    };
    (account.id.clone(), account)
}

fn unit_in(name: &str, parent: Option<&str>) -> (OuId, OrganizationalUnit) {
    let made = OrganizationalUnit { id: unit(name), name: name.to_owned(), parent: parent.map(unit) };
    (made.id.clone(), made)
}

pub(crate) fn organization() -> Snapshot {
    let sets = ["Admin", "ReadOnly"].map(|name| PermissionSet {
        arn: set(name),
        name: name.to_owned(),
        description: String::new(),
        session_duration: Minutes(60),
    });
    let admins = Group { id: group("admins"), display_name: "admins".to_owned() };
    Snapshot {
        users: [person("hanako", true), person("kenji", true), person("retired", false)].into(),
        members: [(admins.id.clone(), [user("hanako")].into())].into(),
        groups: [(admins.id.clone(), admins)].into(),
        units: [
            unit_in("root", None),
            unit_in("production", Some("root")),
            unit_in("payments", Some("production")),
            unit_in("sandbox", Some("root")),
        ]
        .into(),
        accounts: [
            account_in(MANAGEMENT, "management", &["root"]),
            account_in(PAYMENTS, "payments", &["root", "production", "payments"]),
            account_in(SANDBOX, "sandbox", &["root", "sandbox"]),
        ]
        .into(),
        permission_sets: sets.map(|set| (set.arn.clone(), set)).into(),
        ..Snapshot::default()
    }
}

pub(crate) fn calm() -> World {
    planned(FaultPlan::calm())
}

pub(crate) fn planned(plan: FaultPlan) -> World {
    World::new(&organization(), 7, plan)
}

/// How an operation stands.
pub(crate) fn state(world: &mut World, now: Instant, operation: &Operation) -> OperationState {
    let found = match operation.kind {
        WriteKind::Creation => world.describe_creation_status(now, &operation.id),
        WriteKind::Deletion => world.describe_deletion_status(now, &operation.id),
    };
    found.unwrap().state
}

/// The reason an operation failed for.
pub(crate) fn failure(world: &mut World, now: Instant, operation: &Operation) -> String {
    match state(world, now, operation) {
        OperationState::Failed { reason, .. } => reason,
        other => panic!("expected a failure, found {other:?}"),
    }
}

pub(crate) fn listed(world: &mut World, now: Instant, assignment: &Assignment) -> bool {
    let principals = world.list_account_assignments(now, &assignment.account, &assignment.permission_set);
    principals.unwrap().contains(&assignment.principal)
}

pub(crate) fn is_conflict(answer: &Result<Operation, ApiError>) -> bool {
    matches!(answer, Err(ApiError::Conflict(_)))
}

pub(crate) fn is_throttled(answer: &Result<Operation, ApiError>) -> bool {
    matches!(answer, Err(ApiError::Throttling(_)))
}

pub(crate) fn is_unknown<T>(answer: &Result<T, ApiError>) -> bool {
    matches!(answer, Err(ApiError::ResourceNotFound(_)))
}

/// Whoever sleeps finds that the time has passed.
#[derive(Debug)]
pub(crate) struct JumpingClock(Mutex<Instant>);

impl JumpingClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(at(0))))
    }
}

#[async_trait]
impl Clock for JumpingClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }

    async fn sleep(&self, length: TimeDelta) {
        *self.0.lock().unwrap() += length;
    }
}
