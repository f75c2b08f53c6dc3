use axum::Json;
use kari_domain::directory::User;
use serde::Serialize;
use utoipa::ToSchema;

use super::part::{DirectoryPart, ListDirectory, Listed};
use crate::extract::Params;
use crate::signed_in::Overseer;
use crate::{Problem, Problems};

/// A user of the identity store.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DirectoryUser)]
pub(crate) struct UserView {
    id: String,
    display_name: String,
    user_name: String,
    email: Option<String>,
    enabled: bool,
}

/// Users
#[utoipa::path(get, path = "/directory/users", operation_id = "list_users", tag = "directory",
    params(ListDirectory), responses((status = 200, body = DirectoryPart<UserView>), Problems))]
pub(crate) async fn list_users(
    Overseer(me): Overseer,
    Params(query): Params<ListDirectory>,
) -> Result<Json<DirectoryPart<UserView>>, Problem> {
    let snapshot = &me.around.snapshot;
    Ok(Json(query.part(snapshot.users.values().map(listed), snapshot.synced_at)?))
}

fn listed(user: &User) -> Listed<UserView> {
    let email = user.email.clone().unwrap_or_default();
    Listed {
        name: user.display_name.clone(),
        id: user.id.to_string(),
        also: format!("{} {email}", user.user_name),
        item: UserView {
            id: user.id.to_string(),
            display_name: user.display_name.clone(),
            user_name: user.user_name.clone(),
            email: user.email.clone(),
            enabled: user.enabled,
        },
    }
}
