use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr, Schema,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::Problem;
use crate::routes::{open, signed_in};

const SCHEME: &str = "bearer";
const ABOUT: &str = "Temporary, approved, audited AWS access through IAM Identity Center.\n\n\
    Instants are RFC 3339 in UTC, durations whole minutes. Lists give `next`, the cursor of the next \
    part. Every GET has a weak `ETag`. Problems are RFC 9457 documents with a stable `code`. What the \
    caller may not see answers 404.";

const TAGS: [(&str, &str); 8] = [
    ("me", "Who is calling"),
    ("eligibility", "What one may ask for, and what would come of it"),
    ("requests", "Ask, look, review, withdraw, end"),
    ("policies", "For administrators; auditors may read"),
    ("settings", "Everyone may read, administrators write"),
    ("audit", "Everything recorded; for administrators and auditors"),
    ("directory", "People, groups, accounts, permission sets; for administrators and auditors"),
    ("operations", "For whoever runs it"),
];

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
    let document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new().title("Kari").version("1").description(Some(ABOUT)).license(Some(
                LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
            )),
        )
        .tags(Some(TAGS.map(|(name, about)| TagBuilder::new().name(name).description(Some(about)).build())))
        .security(Some([SecurityRequirement::new(SCHEME, Vec::<String>::new())]))
        .components(Some(components))
        .build();
    let mut document =
        OpenApiRouter::with_openapi(document).merge(open()).nest("/v1", signed_in()).into_openapi();
    for (name, schema) in document.components.iter_mut().flat_map(|all| &mut all.schemas) {
        // What a problem has more than its sentence depends on the problem.
        if let (false, RefOr::T(schema)) = (*name == Problem::name(), schema) {
            say_what_is_always_there(schema);
        }
    }
    document
}

/// Answers carry every field they have, be it `null`. What clients send refuses unknown fields, which
/// tells the two apart.
fn say_what_is_always_there(schema: &mut Schema) {
    let parts = match schema {
        Schema::Object(object) => {
            if !matches!(object.additional_properties.as_deref(), Some(AdditionalProperties::FreeForm(false)))
            {
                object.required = object.properties.keys().cloned().collect();
            }
            object.properties.values_mut().collect::<Vec<_>>()
        }
        Schema::OneOf(one) => one.items.iter_mut().collect(),
        Schema::AllOf(all) => all.items.iter_mut().collect(),
        _ => vec![],
    };
    for part in parts {
        if let RefOr::T(part) = part {
            say_what_is_always_there(part);
        }
    }
}
