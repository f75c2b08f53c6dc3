use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kari_application::Error;
use serde::Serialize;
use utoipa::ToSchema;

/// A part of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Listing<T> {
    pub(crate) items: Vec<T>,
    /// The cursor at which the next part begins; `null` at the end.
    pub(crate) next: Option<String>,
}

/// Where something stands in a list that is sorted by names, then ids. What is added, renamed or gone
/// meanwhile makes no other one repeat or vanish.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) id: String,
}

impl Place {
    /// The place as clients send it back.
    pub(crate) fn cursor(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(&self.name, &self.id)).unwrap_or_default())
    }

    pub(crate) fn parse(cursor: &str) -> Result<Self, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Error::BadCursor)?;
        let (name, id) = serde_json::from_slice(&bytes).map_err(|_| Error::BadCursor)?;
        Ok(Self { name, id })
    }
}
