use axum::Json;
use axum::extract::State;
use kari_application::Error;

use super::document::VersionedSettings;
use crate::{ApiState, Problem, Problems, SyncedCaller};

/// The settings
#[utoipa::path(get, path = "/settings", operation_id = "get_settings", tag = "settings",
    responses((status = 200, body = VersionedSettings), Problems))]
pub(crate) async fn get_settings(
    State(api): State<ApiState>,
    _: SyncedCaller,
) -> Result<Json<VersionedSettings>, Problem> {
    let policies = api.kari.policies.current().await.map_err(Error::from)?;
    let set = policies.policy_set();
    Ok(Json(VersionedSettings { version: set.settings_version, settings: (&set.settings).into() }))
}
