//! How people sign in: at Kari's own issuer, which has no passwords, or at a real one.

use std::collections::BTreeSet;
use std::sync::Arc;

use kari_api::authentication::Authentication;

use crate::issuer::{AUDIENCE, Issuer, SCOPES};

/// What the portal and the API need to know of it.
pub struct SignIn {
    pub authentication: Arc<dyn Authentication>,
    /// The issuer, as the portal asks it.
    pub authority: String,
    pub client_id: String,
    pub scopes: Vec<String>,
    /// Whether the API is opened by identity tokens instead of access tokens.
    pub identity_tokens: bool,
    /// Other servers that the portal asks.
    pub asks: BTreeSet<String>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("authority", &self.authority).finish_non_exhaustive()
    }
}

impl SignIn {
    /// At Kari's own issuer.
    pub fn here(issuer: &Issuer) -> Self {
        Self {
            authentication: issuer.authenticator(),
            authority: issuer.origin.to_string(),
            client_id: AUDIENCE.to_owned(),
            scopes: SCOPES.map(str::to_owned).into(),
            identity_tokens: false,
            asks: BTreeSet::new(),
        }
    }
}
