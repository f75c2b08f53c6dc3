use axum::Json;

use super::document::VersionedSettings;
use crate::{Problem, Problems, SyncedCaller};

/// The settings
#[utoipa::path(get, path = "/settings", operation_id = "get_settings", tag = "settings",
    responses((status = 200, body = VersionedSettings), Problems))]
pub(crate) async fn get_settings(me: SyncedCaller) -> Result<Json<VersionedSettings>, Problem> {
    let set = me.around.policies.policy_set();
    Ok(Json(VersionedSettings { version: set.settings_version, settings: (&set.settings).into() }))
}
