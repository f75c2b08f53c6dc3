//! Reads what an issuer publishes.

use std::time::Duration;

use anyhow::{Context, ensure};
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::de::DeserializeOwned;

const LONGEST: usize = 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);

/// A client for a few documents.
pub(super) struct Fetch {
    client: Client<HttpsConnector<HttpConnector>, Body>,
    /// How long the whole of one may take.
    patience: Duration,
}

impl Fetch {
    /// # Errors
    /// If the machine has no certificates by which others are known.
    pub(super) fn new() -> std::io::Result<Self> {
        let connector =
            HttpsConnectorBuilder::new().with_native_roots()?.https_or_http().enable_http1().build();
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(connector), patience: PATIENCE })
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
        #[expect(clippy::disallowed_methods, reason = "a server of somebody else is waited for in real time")]
        let got = tokio::time::timeout(self.patience, self.get(uri));
        let body = got.await.context("it does not answer")?.with_context(|| format!("{address} failed"))?;
        serde_json::from_slice(&body).with_context(|| format!("{address} is not what it should be"))
    }

    async fn get(&self, uri: Uri) -> anyhow::Result<Bytes> {
        let answer = self.client.request(Request::get(uri).body(Body::empty())?).await?;
        ensure!(answer.status().is_success(), "it answers {}", answer.status());
        Ok(to_bytes(Body::new(answer.into_body()), LONGEST).await?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_document_that_only_begins_is_not_waited_for_for_ever() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            // NB. What comes before anything was asked is no answer.
            assert!(stream.read(&mut [0; 1024]).await.unwrap() > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{").await.unwrap();
            std::future::pending::<()>().await;
        });
        let fetch = Fetch { patience: Duration::from_millis(500), ..Fetch::new().unwrap() };
        let failed = fetch.json::<Value>(&address).await.unwrap_err();
        assert_eq!(failed.to_string(), "it does not answer");
        server.abort();
    }
}
