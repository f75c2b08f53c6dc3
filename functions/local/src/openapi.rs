//! The OpenAPI document of what the one-machine program adds to the API.

use kari_api::Problem;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr, Schema,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{inbox, simulation};

const ABOUT: &str = "What the one-machine program adds: the inbox, and, beside a simulated Identity Center only, \
                     the simulation. Everything else is in functions/api/openapi.json; the same rules hold.";

/// The document.
pub fn openapi() -> OpenApi {
    let mut of_problems = vec![(Problem::name().into_owned(), problem())];
    Problem::schemas(&mut of_problems);
    let components = ComponentsBuilder::new().schemas_from_iter(of_problems).build();
    let license = LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build();
    let info = InfoBuilder::new()
        .title("Kari on one machine")
        .version("1")
        .description(Some(ABOUT))
        .license(Some(license));
    let document = OpenApiBuilder::new().info(info).components(Some(components)).build();
    OpenApiRouter::with_openapi(document)
        .nest("/v1", inbox::documented().merge(simulation::documented()))
        .into_openapi()
}

/// Nothing here is submitted, so no problem here tells of submissions.
fn problem() -> RefOr<Schema> {
    let mut schema = Problem::schema();
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.properties.shift_remove("results");
    }
    schema
}
