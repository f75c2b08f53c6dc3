use axum::Json;
use axum::extract::State;
use kari_application::edit_policies::{self, Editor};
use kari_domain::audit::Cause;
use kari_domain::settings::Settings;

use super::document::{SettingsDocument, VersionedSettings};
use crate::attempts::recorded;
use crate::extract::{Body, ExpectedVersion};
use crate::signed_in::Administrator;
use crate::{ApiState, EditProblems, Problem};

/// Replace the settings
#[utoipa::path(put, path = "/settings", operation_id = "change_settings", tag = "settings",
    params(("If-Match" = String, Header, description = "The version they were made from, in quotes")),
    request_body = SettingsDocument,
    responses((status = 200, body = VersionedSettings), EditProblems))]
pub(crate) async fn change_settings(
    State(api): State<ApiState>,
    Administrator(caller): Administrator,
    ExpectedVersion(expected): ExpectedVersion,
    Body(document): Body<SettingsDocument>,
) -> Result<Json<VersionedSettings>, Problem> {
    let editor = Editor { actor: caller.actor(), cause: Cause::Api };
    let settings = Settings::from(document.clone());
    let changed = edit_policies::change_settings(&api.kari, &editor, settings, expected).await;
    let version = recorded(&api.kari, &caller, "change settings", changed).await?;
    Ok(Json(VersionedSettings { version, settings: document }))
}
