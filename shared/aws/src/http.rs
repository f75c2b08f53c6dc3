//! The HTTP client that all service clients share: HTTP/1.1, over TLS wherever an address asks for it.
//!
//! The one that comes with the SDK speaks HTTP/2 too, and goes through proxies: a tenth of a small program, for
//! what nothing here needs.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector as Tcp;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::ring;

const CONNECTING: Duration = Duration::from_secs(1);
/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_mins(1);

/// Connections that are used again and again; or why there are none.
#[derive(Debug, Clone)]
struct Connections(Result<Client<HttpsConnector<Tcp>, SdkBody>, Arc<str>>);

/// The client, with the certificates by which this machine knows others. Where there are none, every call says so.
pub fn http_client() -> SharedHttpClient {
    SharedHttpClient::new(Connections(connections().map_err(|error| error.to_string().into())))
}

/// NB. ring is the one crypto provider of the whole program; two of them would panic at run time.
fn connections() -> io::Result<Client<HttpsConnector<Tcp>, SdkBody>> {
    let mut tcp = Tcp::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECTING));
    let secured = HttpsConnectorBuilder::new().with_provider_and_native_roots(ring::default_provider())?;
    let connector = secured.https_or_http().enable_http1().wrap_connector(tcp);
    let mut client = Client::builder(TokioExecutor::new());
    client.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE);
    Ok(client.build(connector))
}

impl HttpClient for Connections {
    /// NB. How long a call may take is the matter of who calls; connecting has a limit of its own.
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connections {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let answering = match &self.0 {
            Ok(client) => client.request(request),
            Err(why) => {
                return HttpConnectorFuture::ready(Err(ConnectorError::other((&**why).into(), None)));
            }
        };
        HttpConnectorFuture::new(async move {
            let answer = answering.await.map_err(failed)?.map(SdkBody::from_body_1_x);
            HttpResponse::try_from(answer).map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

fn failed(error: Error) -> ConnectorError {
    if error.is_connect() {
        ConnectorError::io(error.into())
    } else {
        ConnectorError::other(error.into(), None)
    }
}
