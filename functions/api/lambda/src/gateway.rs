//! Who calls, by what API Gateway's authorizer has verified.

use std::collections::HashMap;

use async_trait::async_trait;
use axum::http::request::Parts;
use kari_api::Problem;
use kari_api::authentication::{Authentication, signed_out};
use kari_application::identify::{SignedIn, identify};
use kari_application::{Error, Kari};
use kari_domain::ids::UserId;
use lambda_http::request::RequestContext;
use tokio::sync::Mutex;

/// What Cognito puts before the SAML subject of whoever signed in through Identity Center: the name of the
/// provider in `infra/template.yaml`.
const PROVIDER: &str = "IdentityCenter_";
/// How many people are remembered.
const MOST_KNOWN: usize = 10_000;

/// The claims of access tokens that API Gateway has verified: signature, issuer, audience and expiry.
#[derive(Debug)]
pub struct Gateway {
    issuer: String,
    client: String,
    /// Subjects whose name is their user's id. NB. An id is never given to anybody else; a user name may be, so
    /// that who is called by it is looked up each time.
    known: Mutex<HashMap<String, UserId>>,
}

impl Gateway {
    /// Takes access tokens of this issuer for this client.
    pub fn new(issuer: impl Into<String>, client: impl Into<String>) -> Self {
        Self { issuer: issuer.into(), client: client.into(), known: Mutex::default() }
    }

    /// Who signed in, by the claims of their access token.
    fn signed_in(&self, claims: &HashMap<String, String>) -> Result<SignedIn, &'static str> {
        let claim = |name| claims.get(name).map(String::as_str);
        // NB. The authorizer has checked these; a mistake in its configuration must not open the API.
        if claim("iss") != Some(&self.issuer) {
            return Err("it is of another issuer");
        }
        if claim("client_id") != Some(&self.client) {
            return Err("it is for another client");
        }
        // NB. An identity token says who signed in somewhere; only an access token opens this API.
        if claim("token_use") != Some("access") {
            return Err("it is no access token");
        }
        let subject = claim("sub").filter(|subject| !subject.is_empty()).ok_or("it is of nobody")?;
        // NB. Made by Cognito of the provider and the SAML subject. Users that somebody made in Cognito itself
        // have no provider.
        let name = claim("username").and_then(|name| name.strip_prefix(PROVIDER));
        let name = name.filter(|name| !name.is_empty()).ok_or("it is not of Identity Center")?;
        Ok(SignedIn { issuer: self.issuer.clone(), subject: subject.to_owned(), name: name.to_owned() })
    }

    async fn user(&self, kari: &Kari, signed_in: &SignedIn) -> Result<UserId, Error> {
        let known = self.known.lock().await.get(&signed_in.subject).cloned();
        if let Some(user) = known.filter(|user| user.as_str() == signed_in.name) {
            return Ok(user);
        }
        let user = identify(kari, signed_in).await?;
        if user.as_str() == signed_in.name {
            let mut known = self.known.lock().await;
            if known.len() >= MOST_KNOWN {
                known.clear();
            }
            known.insert(signed_in.subject.clone(), user.clone());
        }
        Ok(user)
    }
}

#[async_trait]
impl Authentication for Gateway {
    async fn caller(&self, kari: &Kari, call: &Parts) -> Result<UserId, Problem> {
        let Some(RequestContext::ApiGatewayV2(context)) = call.extensions.get::<RequestContext>() else {
            return Err(signed_out());
        };
        let token = context.authorizer.as_ref().and_then(|authorizer| authorizer.jwt.as_ref());
        let signed_in = self.signed_in(&token.ok_or_else(signed_out)?.claims).map_err(|why| {
            tracing::warn!(why, "a token was not taken");
            signed_out()
        })?;
        Ok(self.user(kari, &signed_in).await?)
    }
}
