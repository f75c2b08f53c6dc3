use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kari_application::Kari;
use serde::Serialize;
use utoipa::ToSchema;

use crate::documented::HealthProblems;
use crate::{ApiState, Problem};

/// That this program answers, and that everything can be recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the program answers and can record everything
#[utoipa::path(get, path = "/healthz", operation_id = "get_health", tag = "operations", security(()),
    responses((status = 200, body = Health), HealthProblems))]
pub(crate) async fn get_health(State(api): State<ApiState>) -> Result<Json<Health>, Problem> {
    health(&api.kari).await
}

/// Whether everything can be recorded, as `/healthz` answers it.
pub async fn health(kari: &Kari) -> Result<Json<Health>, Problem> {
    // NB. Anybody may ask this: the cause is in the log, and asking costs no write.
    kari.store.health().await.map_err(|_| {
        let detail = "not everything can be recorded at the moment; the log says why";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "cannot-record", detail)
    })?;
    Ok(Json(Health { status: "ok" }))
}
