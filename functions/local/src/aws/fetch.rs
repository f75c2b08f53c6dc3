//! Reads what an issuer publishes.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use axum::body::{Body, to_bytes};
use axum::http::{Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::de::DeserializeOwned;

const LONGEST: usize = 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);

/// A client for a few documents.
pub(super) struct Fetch(Client<HttpsConnector<HttpConnector>, Body>);

impl Fetch {
    /// # Errors
    /// If the machine has no certificates by which others are known.
    pub(super) fn new() -> std::io::Result<Self> {
        let connector =
            HttpsConnectorBuilder::new().with_native_roots()?.https_or_http().enable_http1().build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// A document of JSON.
    ///
    /// # Errors
    /// If it cannot be had, or is something else.
    pub(super) async fn json<T: DeserializeOwned>(&self, address: &str) -> anyhow::Result<T> {
        let uri: Uri = address.parse().with_context(|| format!("{address} is no address"))?;
        // NB. Whoever is on the way could give keys of their own.
        let here = ["127.0.0.1", "localhost", "[::1]"];
        let safe = uri.scheme_str() == Some("https") || uri.host().is_some_and(|host| here.contains(&host));
        ensure!(safe, "{address} is not https");
        let get = self.0.request(Request::get(uri).body(Body::empty())?);
        #[expect(clippy::disallowed_methods, reason = "a server of somebody else is waited for in real time")]
        let answer = tokio::time::timeout(PATIENCE, get).await.context("it does not answer")??;
        if !answer.status().is_success() {
            bail!("{address} answers {}", answer.status());
        }
        let body = to_bytes(Body::new(answer.into_body()), LONGEST).await?;
        serde_json::from_slice(&body).with_context(|| format!("{address} is not what it should be"))
    }
}
