use axum::Json;
use kari_domain::directory::{Group, Snapshot};
use serde::Serialize;
use utoipa::ToSchema;

use super::part::{DirectoryPart, ListDirectory, Listed};
use crate::extract::Params;
use crate::signed_in::Overseer;
use crate::{Problem, Problems};

/// A group of the identity store.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DirectoryGroup)]
pub(crate) struct GroupView {
    id: String,
    display_name: String,
    members_count: usize,
}

/// Groups
#[utoipa::path(get, path = "/directory/groups", operation_id = "list_groups", tag = "directory",
    params(ListDirectory), responses((status = 200, body = DirectoryPart<GroupView>), Problems))]
pub(crate) async fn list_groups(
    Overseer(me): Overseer,
    Params(query): Params<ListDirectory>,
) -> Result<Json<DirectoryPart<GroupView>>, Problem> {
    let snapshot = &me.around.snapshot;
    let groups = snapshot.groups.values().map(|group| listed(group, snapshot));
    Ok(Json(query.part(groups, snapshot.synced_at)?))
}

fn listed(group: &Group, snapshot: &Snapshot) -> Listed<GroupView> {
    Listed {
        name: group.display_name.clone(),
        id: group.id.to_string(),
        also: String::new(),
        item: GroupView {
            id: group.id.to_string(),
            display_name: group.display_name.clone(),
            members_count: snapshot.members.get(&group.id).map_or(0, std::collections::BTreeSet::len),
        },
    }
}
