use chrono::{DateTime, Utc};
use kari_domain::request::Window;
use serde::Serialize;
use utoipa::ToSchema;

/// From when until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Window)]
pub(crate) struct WindowView {
    pub starts_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl From<Window> for WindowView {
    fn from(window: Window) -> Self {
        Self { starts_at: window.starts_at, expires_at: window.expires_at }
    }
}
