use chrono::{DateTime, Utc};
use kari_api::{Names, Person};
use kari_domain::directory::Snapshot;
use kari_embedded::identity_center::{OperationView, Principal, WriteKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::labels::{AccountLabel, PermissionSetLabel};

/// An operation in progress.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SimulatedOperation {
    id: String,
    kind: SimulatedOperationKind,
    account: AccountLabel,
    permission_set: PermissionSetLabel,
    user: Person,
    accepted_at: DateTime<Utc>,
}

/// What it does.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SimulatedOperationKind {
    Creation,
    Deletion,
}

/// Groups' assignments are not Kari's business and are not shown.
pub(super) fn operation(view: OperationView, snapshot: &Snapshot) -> Option<SimulatedOperation> {
    let Principal::User(user) = view.assignment.principal else { return None };
    let names = Names(snapshot);
    Some(SimulatedOperation {
        id: view.id.to_string(),
        kind: match view.kind {
            WriteKind::Creation => SimulatedOperationKind::Creation,
            WriteKind::Deletion => SimulatedOperationKind::Deletion,
        },
        account: AccountLabel::of(&view.assignment.account, names),
        permission_set: PermissionSetLabel::of(&view.assignment.permission_set, names),
        user: names.person(&user, None),
        accepted_at: view.accepted_at,
    })
}
