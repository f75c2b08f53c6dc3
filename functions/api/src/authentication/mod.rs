//! Who calls. On one machine: bearer tokens of an OIDC issuer, verified here against its published keys. Where a
//! gateway verifies them, it says what is in them. What is taken from a token is who it is of, and nothing else.

mod authenticator;
mod crypto;
mod keys;

use async_trait::async_trait;
use axum::http::request::Parts;
use kari_application::Kari;
use kari_domain::ids::UserId;

use crate::Problem;

pub use authenticator::{Algorithm, Authenticator, Kind, Rejected, Trust};
pub use crypto::use_ring;
pub use keys::{KeySource, StaticKeys};

/// How it is known who calls.
#[async_trait]
pub trait Authentication: Send + Sync {
    /// The identity-store user who calls.
    ///
    /// # Errors
    /// A problem of status 401 unless that is certain; 503 if nobody can tell now.
    async fn caller(&self, kari: &Kari, call: &Parts) -> Result<UserId, Problem>;
}

/// The answer to whoever did not sign in.
pub fn signed_out() -> Problem {
    Problem::new(axum::http::StatusCode::UNAUTHORIZED, "signed-out", "sign in first and send a bearer token")
}
