use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::Problem;
use crate::routes::{open, signed_in};

const SCHEME: &str = "bearer";
const ABOUT: &str = "Temporary, approved, audited AWS access through IAM Identity Center.\n\n\
    Instants are RFC 3339 in UTC, durations whole minutes. Lists give `next`, the cursor of the next \
    part. Every GET has a weak `ETag`. Problems are RFC 9457 documents with a stable `code`. What the \
    caller may not see answers 404.";

/// The OpenAPI document of the whole API.
pub fn openapi() -> OpenApi {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An OIDC token; its user is looked up in the identity store."))
        .build();
    let components = ComponentsBuilder::new()
        .security_scheme(SCHEME, SecurityScheme::Http(bearer))
        .schema(Problem::name(), Problem::schema())
        .build();
    let document =
        OpenApiBuilder::new()
            .info(InfoBuilder::new().title("Kari").version("1").description(Some(ABOUT)).license(Some(
                LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
            )))
            .security(Some([SecurityRequirement::new(SCHEME, Vec::<String>::new())]))
            .components(Some(components))
            .build();
    OpenApiRouter::with_openapi(document).merge(open()).nest("/v1", signed_in()).into_openapi()
}
