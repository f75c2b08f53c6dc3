use std::sync::Arc;

use async_trait::async_trait;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use kari_application::Kari;
use kari_application::ports::{Clock, Unavailable};
use kari_domain::ids::UserId;
use serde_json::{Map, Value};

use super::keys::KeySource;
use super::{Authentication, signed_out, use_ring};
use crate::Problem;

/// How far the issuer's clock may be from ours.
const LEEWAY_SECONDS: i64 = 30;
/// No token of an honest issuer is longer.
const LONGEST_TOKEN: usize = 8 * 1024;

/// The one signature algorithm that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    Es256,
    Rs256,
}

/// What kind of token opens the API. NB. The other kind never does: it was given to somebody for something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Access tokens. Their header must say that they are this (`typ`), for instance `at+jwt`, unless the issuer does
    /// not say it.
    Access(Option<String>),
    /// Identity tokens, of this client alone.
    Identity,
}

/// Which tokens are trusted.
#[derive(Debug, Clone)]
pub struct Trust {
    /// Exactly the token's `iss`.
    pub issuer: String,
    /// Must be in the token's `aud`, or, where an access token has none, be its `client_id`.
    pub audience: String,
    pub algorithm: Algorithm,
    pub kind: Kind,
    /// The claim that holds the identity-store user id, for instance `sub`.
    pub user_claim: String,
}

/// Why a token was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Rejected {
    /// What is wrong with it, for the log; callers are not told.
    #[error("the token is not valid: {0}")]
    Invalid(&'static str),
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Verifies bearer tokens.
pub struct Authenticator {
    trust: Trust,
    keys: Arc<dyn KeySource>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authenticator").field("trust", &self.trust).finish_non_exhaustive()
    }
}

impl Authenticator {
    /// An authenticator. The clock must show *real* time, also where Kari's own is virtual: tokens
    /// come from an issuer that knows no other.
    pub fn new(trust: Trust, keys: Arc<dyn KeySource>, clock: Arc<dyn Clock>) -> Self {
        use_ring();
        Self { trust, keys, clock }
    }

    /// Whose token this is.
    ///
    /// # Errors
    /// [`Rejected`] unless every check passes.
    pub async fn verify(&self, token: &str) -> Result<UserId, Rejected> {
        let claims = self.claims(token).await?;
        let user = claims.get(&self.trust.user_claim).and_then(Value::as_str);
        let user = user.ok_or(Rejected::Invalid("it names no user"))?;
        UserId::parse(user).map_err(|_| Rejected::Invalid("the user it names is malformed"))
    }

    /// What the token of a call says, for whoever finds the user by something else than their id.
    ///
    /// # Errors
    /// A problem of status 401 unless every check passes; 503 if nobody can tell now.
    pub async fn claims_of(&self, call: &Parts) -> Result<Map<String, Value>, Problem> {
        Ok(self.claims(bearer(&call.headers)?).await?)
    }

    /// What a token says, once every check has passed.
    async fn claims(&self, token: &str) -> Result<Map<String, Value>, Rejected> {
        if token.len() > LONGEST_TOKEN {
            return Err(Rejected::Invalid("it is too long"));
        }
        let claims = self.signed_claims(token).await?;
        self.check(&claims).map_err(Rejected::Invalid)?;
        Ok(claims)
    }

    /// The claims, once the signature is known to be the issuer's.
    async fn signed_claims(&self, token: &str) -> Result<Map<String, Value>, Rejected> {
        let header = decode_header(token).map_err(|_| Rejected::Invalid("it is malformed"))?;
        let algorithm = self.algorithm();
        // NB. The algorithm is ours to say, never the token's.
        if header.alg != algorithm {
            return Err(Rejected::Invalid("its algorithm is not the pinned one"));
        }
        let is_of_the_kind = match &self.trust.kind {
            Kind::Access(None) => true,
            Kind::Access(said) => header.typ == *said,
            Kind::Identity => !header.typ.as_deref().is_some_and(is_access_token),
        };
        if !is_of_the_kind {
            return Err(Rejected::Invalid("it is a token for something else"));
        }
        if header.crit.is_some() {
            return Err(Rejected::Invalid("it asks for an extension that is not known here"));
        }
        let id = header.kid.ok_or(Rejected::Invalid("it names no key"))?;
        let key = self.keys.key(&id).await?.ok_or(Rejected::Invalid("its key is unknown"))?;
        let key = DecodingKey::from_jwk(&key).map_err(|_| Rejected::Invalid("its key is unusable"))?;
        let token = decode::<Map<String, Value>>(token, &key, &signature_only(algorithm))
            .map_err(|_| Rejected::Invalid("its signature does not verify"))?;
        Ok(token.claims)
    }

    fn algorithm(&self) -> jsonwebtoken::Algorithm {
        match self.trust.algorithm {
            Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
            Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
        }
    }

    fn check(&self, claims: &Map<String, Value>) -> Result<(), &'static str> {
        let now = self.clock.now().timestamp();
        if claims.get("iss").and_then(Value::as_str) != Some(&self.trust.issuer) {
            return Err("it is of another issuer");
        }
        if !self.is_for_us(claims) {
            return Err("it is for another audience");
        }
        if self.trust.kind == Kind::Identity {
            self.check_identity(claims)?;
        }
        let expires_at = claims.get("exp").and_then(Value::as_i64).ok_or("it never expires")?;
        if now >= expires_at.saturating_add(LEEWAY_SECONDS) {
            return Err("it has expired");
        }
        match claims.get("nbf").map(Value::as_i64) {
            Some(None) => Err("its beginning is malformed"),
            Some(Some(begins_at)) if begins_at.saturating_sub(LEEWAY_SECONDS) > now => {
                Err("it is not valid yet")
            }
            Some(Some(_)) | None => Ok(()),
        }
    }

    /// NB. A token with an audience is judged by it alone, never by its client as well.
    fn is_for_us(&self, claims: &Map<String, Value>) -> bool {
        let ours = |value: &Value| self.is_audience(value);
        match (claims.get("aud"), &self.trust.kind) {
            (Some(Value::Array(audiences)), _) => audiences.iter().any(ours),
            (Some(audience), _) => ours(audience),
            (None, Kind::Access(_)) => claims.get("client_id").is_some_and(ours),
            (None, Kind::Identity) => false,
        }
    }

    /// `OpenID` Connect Core, section 3.1.3.7: of several, the one that it was given to must be us. Some issuers say of
    /// each token what it is for.
    fn check_identity(&self, claims: &Map<String, Value>) -> Result<(), &'static str> {
        let several = claims.get("aud").and_then(Value::as_array).is_some_and(|all| all.len() > 1);
        if !claims.get("azp").map_or(!several, |given_to| self.is_audience(given_to)) {
            return Err("it was given to another client");
        }
        if claims.get("token_use").is_some_and(|said| said.as_str() != Some("id")) {
            return Err("it is a token for something else");
        }
        Ok(())
    }

    fn is_audience(&self, value: &Value) -> bool {
        value.as_str() == Some(&self.trust.audience)
    }
}

/// RFC 9068, section 2.1: what the header of an access token says.
fn is_access_token(said: &str) -> bool {
    ["at+jwt", "application/at+jwt"].iter().any(|access| said.eq_ignore_ascii_case(access))
}

#[async_trait]
impl Authentication for Authenticator {
    async fn caller(&self, _: &Kari, call: &Parts) -> Result<UserId, Problem> {
        Ok(self.verify(bearer(&call.headers)?).await?)
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(signed_out()) };
    let (scheme, token) = value.to_str().ok().and_then(|v| v.split_once(' ')).ok_or_else(signed_out)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(signed_out()) }
}

/// Every claim is checked here, by our clock; only the signature is left to the library.
fn signature_only(algorithm: jsonwebtoken::Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}
