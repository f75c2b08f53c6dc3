//! The tokens themselves.

use jsonwebtoken::errors::Error;
use jsonwebtoken::{Algorithm, Header, encode};
use kari_domain::directory::User;
use kari_domain::ids::UserId;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

use super::Issuer;

/// The only client, and whom tokens are for.
pub const AUDIENCE: &str = "kari";
/// How long a token is valid.
pub(super) const LIFETIME: chrono::TimeDelta = chrono::TimeDelta::hours(1);

/// What a token says. Roles are not part of it: they come from the identity store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    /// The identity store's user id.
    pub(super) sub: UserId,
    pub(super) aud: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
    pub(super) name: String,
    pub(super) preferred_username: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nonce: Option<String>,
}

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Access,
    Identity,
}

impl Purpose {
    /// The token's media type, so that one is never taken for the other (RFC 9068).
    fn media_type(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Identity => "JWT",
        }
    }
}

impl Issuer {
    /// An access token for this person, valid for an hour of real time.
    ///
    /// # Errors
    /// An [`Error`] if signing fails.
    pub fn access_token(&self, user: &User) -> Result<String, Error> {
        self.sign(Purpose::Access, &self.claims(user, self.clock.now(), None))
    }

    pub(super) fn identity_token(&self, user: &User, nonce: Option<String>) -> Result<String, Error> {
        self.sign(Purpose::Identity, &self.claims(user, self.clock.now(), nonce))
    }

    fn claims(&self, user: &User, now: Instant, nonce: Option<String>) -> Claims {
        Claims {
            iss: self.origin.to_string(),
            sub: user.id.clone(),
            aud: AUDIENCE.to_owned(),
            iat: now.timestamp(),
            exp: (now + LIFETIME).timestamp(),
            name: user.display_name.clone(),
            preferred_username: user.user_name.clone(),
            email: user.email.clone(),
            nonce,
        }
    }

    fn sign(&self, purpose: Purpose, claims: &Claims) -> Result<String, Error> {
        let header = Header {
            typ: Some(purpose.media_type().to_owned()),
            kid: Some(self.key.id().to_owned()),
            ..Header::new(Algorithm::ES256)
        };
        encode(&header, claims, self.key.private())
    }
}
