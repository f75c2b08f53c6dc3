use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use kari_domain::ids::MalformedId;

use crate::Problem;

/// The id at the end, or in the middle, of a path.
#[derive(Debug, Clone)]
pub(crate) struct Id<T>(pub(crate) T);

impl<S: Send + Sync, T: FromStr<Err = MalformedId>> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        let Path(text) =
            path.map_err(|_| Problem::malformed("malformed-id", "the id in the path cannot be read"))?;
        text.parse().map(Self).map_err(|e: MalformedId| Problem::malformed("malformed-id", &e.to_string()))
    }
}
