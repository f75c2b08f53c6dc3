//! Sign-in through an `OpenID` Connect issuer of somebody else. Its identity tokens say who calls: of what an
//! issuer gives, only these have a form that everybody can check.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail, ensure};
use async_trait::async_trait;
use axum::http::Uri;
use axum::http::request::Parts;
use kari_api::Problem;
use kari_api::authentication::{Algorithm, Authentication, Authenticator, Kind, Trust, signed_out};
use kari_application::identify::{SignedIn, identify};
use kari_application::ports::Clock;
use kari_application::{Error, Kari};
use kari_domain::directory::User;
use kari_domain::ids::UserId;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::fetch::Fetch;
use super::keys::Keys;
use crate::cli::{Attribute, UserClaim};
use crate::sign_in::SignIn;

/// What an issuer says of itself.
#[derive(Debug, Deserialize)]
struct Discovered {
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    id_token_signing_alg_values_supported: Vec<String>,
}

/// Makes ready for people to sign in there.
///
/// # Errors
/// If the issuer cannot be asked, or is not one that can be trusted.
pub(super) async fn sign_in(
    issuer: &str,
    client_id: &str,
    user_claim: &UserClaim,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<SignIn> {
    let fetch =
        Fetch::new().context("no certificates are found on this machine that issuers can be known by")?;
    let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let about: Discovered = fetch
        .json(&address)
        .await
        .with_context(|| format!("{address} cannot be read: check --issuer, and that it can be reached"))?;
    ensure!(
        about.issuer.trim_end_matches('/') == issuer.trim_end_matches('/'),
        "the issuer calls itself {}: write that with --issuer",
        about.issuer
    );
    let algorithms = &about.id_token_signing_alg_values_supported;
    let algorithm = match ["RS256", "ES256"].into_iter().find(|name| algorithms.iter().any(|a| a == name)) {
        Some("ES256") => Algorithm::Es256,
        Some(_) => Algorithm::Rs256,
        None => bail!("the issuer signs with {}: only RS256 and ES256 are taken", algorithms.join(", ")),
    };
    let trust = Trust {
        issuer: about.issuer.clone(),
        audience: client_id.to_owned(),
        algorithm,
        kind: Kind::Identity,
        user_claim: user_claim.claim.clone(),
    };
    let keys = Keys::new(fetch, about.jwks_uri, Arc::clone(&clock));
    let authentication = Oidc {
        authenticator: Authenticator::new(trust, Arc::new(keys), clock),
        issuer: about.issuer.clone(),
        claim: user_claim.clone(),
        known: Mutex::default(),
    };
    let places = [&about.issuer, &about.token_endpoint];
    Ok(SignIn {
        authentication: Arc::new(authentication),
        authority: about.issuer.clone(),
        client_id: client_id.to_owned(),
        scopes: vec!["openid".to_owned(), "profile".to_owned(), "email".to_owned()],
        identity_tokens: true,
        asks: places.iter().filter_map(|place| origin(place)).collect(),
    })
}

fn origin(address: &str) -> Option<String> {
    let uri: Uri = address.parse().ok()?;
    Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?))
}

/// Who calls, by an identity token.
struct Oidc {
    authenticator: Authenticator,
    issuer: String,
    claim: UserClaim,
    /// Who was identified since the start, by subject.
    known: Mutex<BTreeMap<String, UserId>>,
}

#[async_trait]
impl Authentication for Oidc {
    async fn caller(&self, kari: &Kari, call: &Parts) -> Result<UserId, Problem> {
        let claims = self.authenticator.claims_of(call).await?;
        let subject = text(&claims, "sub").ok_or_else(signed_out)?;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(subject).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let user = self.find(kari, &claims).await?.map_err(|why| {
            // NB. Never what the claim says: that is somebody's.
            tracing::warn!(claim = self.claim.claim, why, "nobody is known by a good token");
            Error::UnknownCaller
        })?;
        let (issuer, subject) = (self.issuer.clone(), subject.to_owned());
        let signed_in = SignedIn { issuer, subject: subject.clone(), name: user.id.to_string() };
        let id = identify(kari, &signed_in).await?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(subject, id.clone());
        Ok(id)
    }
}

fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

impl Oidc {
    /// Whom a token names, or why it is nobody.
    async fn find(
        &self,
        kari: &Kari,
        claims: &Map<String, Value>,
    ) -> Result<Result<User, &'static str>, Error> {
        let Some(said) = text(claims, &self.claim.claim) else {
            return Ok(Err("the token has no such claim"));
        };
        let id = match self.claim.attribute {
            Attribute::Id => said.parse::<UserId>().map_err(|_| "it is not the id of a user"),
            Attribute::UserName => {
                kari.directory.user_named(said).await?.ok_or("no single user is called that")
            }
            // NB. Whoever may enter any address there could be anybody.
            Attribute::Email if claims.get("email_verified") != Some(&Value::Bool(true)) => {
                Err("its issuer does not say that the address was verified")
            }
            Attribute::Email => with_address(kari, said).await?,
        };
        let user = match id {
            Ok(id) => kari.directory.user(&id).await?.filter(|user| self.fits(user, said)),
            Err(why) => return Ok(Err(why)),
        };
        Ok(match user {
            Some(user) if user.enabled => Ok(user),
            Some(_) => Err("the user is disabled"),
            None => Err("there is no such user"),
        })
    }

    /// What a copy or an index said is looked at once more.
    fn fits(&self, user: &User, said: &str) -> bool {
        match self.claim.attribute {
            Attribute::Id => user.id.as_str() == said,
            Attribute::UserName => user.user_name.eq_ignore_ascii_case(said),
            Attribute::Email => has_address(user, said),
        }
    }
}

fn has_address(user: &User, address: &str) -> bool {
    user.email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(address))
}

/// NB. Of two who have one address, neither is meant, also if one of them is disabled.
async fn with_address(kari: &Kari, address: &str) -> Result<Result<UserId, &'static str>, Error> {
    let snapshot = kari.read_model.load().await?;
    let mut found = snapshot.users.values().filter(|user| has_address(user, address));
    Ok(match (found.next(), found.next()) {
        (Some(user), None) => Ok(user.id.clone()),
        (None, _) => Err("nobody has that address"),
        (Some(_), Some(_)) => Err("several have that address"),
    })
}
