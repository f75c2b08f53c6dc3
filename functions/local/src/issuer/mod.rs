//! A small `OpenID` Connect issuer, so that the portal signs in here as it does in production. Its
//! sign-in page offers the people of the sample organization; there are no passwords.
//!
//! It exists only beside the simulated Identity Center. Authorization code with PKCE, nothing else.
//! What it issues is judged by real time, also when the simulated time was skipped.

mod authorization_request;
mod authorize;
mod codes;
mod discovery;
mod language;
mod logout;
mod origin;
mod page;
mod signing_key;
mod texts;
mod token;
mod tokens;
mod userinfo;

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use jsonwebtoken::jwk::JwkSet;
use kari_api::authentication::{Algorithm, Authenticator, Kind, StaticKeys, Trust};
use kari_application::ports::{Clock, ReadModel};

pub use origin::{MalformedOrigin, Origin};
pub use signing_key::{KeyError, SigningKey};
pub use tokens::AUDIENCE;

use codes::Codes;

/// The scopes a client may ask for; `openid` is needed, the others change nothing.
pub const SCOPES: [&str; 3] = ["openid", "profile", "email"];

/// The issuer of one running `kari`.
pub struct Issuer {
    /// Where people reach this `kari`; also the issuer's name.
    pub origin: Origin,
    pub key: SigningKey,
    /// Real time, never the simulated one.
    pub clock: Arc<dyn Clock>,
    /// The people who may sign in.
    pub people: Arc<dyn ReadModel>,
    authenticator: Arc<Authenticator>,
    codes: Codes,
}

impl Issuer {
    /// An issuer without codes given out.
    pub fn new(origin: Origin, key: SigningKey, clock: Arc<dyn Clock>, people: Arc<dyn ReadModel>) -> Self {
        let trust = Trust {
            issuer: origin.to_string(),
            audience: AUDIENCE.to_owned(),
            algorithm: Algorithm::Es256,
            kind: Kind::Access(Some("at+jwt".to_owned())),
            user_claim: "sub".to_owned(),
        };
        let keys = Arc::new(StaticKeys(JwkSet { keys: vec![key.public_jwk().clone()] }));
        let authenticator = Arc::new(Authenticator::new(trust, keys, Arc::clone(&clock)));
        Self { origin, key, clock, people, authenticator, codes: Codes::default() }
    }

    /// What verifies its tokens.
    pub fn authenticator(&self) -> Arc<Authenticator> {
        Arc::clone(&self.authenticator)
    }

    /// The keys that verify its tokens.
    pub(crate) fn jwks(&self) -> JwkSet {
        JwkSet { keys: vec![self.key.public_jwk().clone()] }
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// All endpoints of the issuer.
pub fn router(issuer: Arc<Issuer>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::configuration))
        .route("/oauth/jwks", get(discovery::jwks))
        .route("/oauth/authorize", get(authorize::show).post(authorize::sign_in))
        .route("/oauth/sign-in.css", get(page::style))
        .route("/oauth/mark.svg", get(page::mark))
        .route("/oauth/token", post(token::exchange))
        .route("/oauth/userinfo", get(userinfo::show).post(userinfo::show))
        .route("/oauth/logout", get(logout::show))
        .with_state(issuer)
}
