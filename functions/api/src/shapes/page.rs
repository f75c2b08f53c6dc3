use serde::Serialize;
use utoipa::ToSchema;

/// A part of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Listing<T> {
    pub(crate) items: Vec<T>,
    /// The cursor at which the next part begins; `null` at the end.
    pub(crate) next: Option<String>,
}
