use axum::Json;
use kari_domain::directory::PermissionSet;

use super::part::{DirectoryPart, ListDirectory, Listed};
use crate::extract::Params;
use crate::shapes::PermissionSetView;
use crate::signed_in::Overseer;
use crate::{Problem, Problems};

/// Permission sets
#[utoipa::path(get, path = "/directory/permission-sets", operation_id = "list_permission_sets",
    tag = "directory", params(ListDirectory),
    responses((status = 200, body = DirectoryPart<PermissionSetView>), Problems))]
pub(crate) async fn list_permission_sets(
    Overseer(me): Overseer,
    Params(query): Params<ListDirectory>,
) -> Result<Json<DirectoryPart<PermissionSetView>>, Problem> {
    let snapshot = &me.around.snapshot;
    Ok(Json(query.part(snapshot.permission_sets.values().map(listed), snapshot.synced_at)?))
}

fn listed(set: &PermissionSet) -> Listed<PermissionSetView> {
    Listed {
        name: set.name.clone(),
        id: set.arn.to_string(),
        also: set.description.clone(),
        item: set.into(),
    }
}
