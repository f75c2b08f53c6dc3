use chrono::{DateTime, Utc};
use kari_domain::directory::Snapshot;
use kari_embedded::identity_center::{OperationView, Principal, WriteKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::labels::{AccountLabel, Labels, PermissionSetLabel, Person};

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
    let labels = Labels(snapshot);
    Some(SimulatedOperation {
        id: view.id.to_string(),
        kind: match view.kind {
            WriteKind::Creation => SimulatedOperationKind::Creation,
            WriteKind::Deletion => SimulatedOperationKind::Deletion,
        },
        account: labels.account(&view.assignment.account),
        permission_set: labels.permission_set(&view.assignment.permission_set),
        user: labels.person(&user, user.as_str()),
        accepted_at: view.accepted_at,
    })
}
