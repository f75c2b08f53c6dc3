//! What stands for an Identity Center that is not as a deployment wants it: it shows itself in one Region, and denies
//! everything else.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::net::TcpListener;

const AWS_JSON: &str = "application/x-amz-json-1.1";

/// An instance, as an account sees it that does not administer it.
#[derive(Debug, Clone)]
pub(super) struct Center {
    pub(super) instance: String,
    pub(super) identity_store: String,
    /// The account that it belongs to.
    pub(super) owner: String,
    pub(super) region: &'static str,
}

/// Answers until the test is over.
pub(super) async fn serve(center: Center) -> SocketAddr {
    let routes = Router::new().route("/", post(answer)).with_state(Arc::new(center));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

async fn answer(State(center): State<Arc<Center>>, headers: HeaderMap, _: Bytes) -> Response {
    if headers["x-amz-target"].as_bytes() != b"SWBExternalService.ListInstances" {
        let denied = json!({ "__type": "AccessDeniedException", "Message": "not you" });
        return said(StatusCode::BAD_REQUEST, &denied);
    }
    let signature = headers[AUTHORIZATION].to_str().unwrap();
    let is_here = signature.contains(&format!("/{}/sso/", center.region));
    let instance = json!({
        "InstanceArn": center.instance,
        "IdentityStoreId": center.identity_store,
        "OwnerAccountId": center.owner,
        "Status": "ACTIVE",
    });
    let seen = if is_here { vec![instance] } else { vec![] };
    said(StatusCode::OK, &json!({ "Instances": seen }))
}

fn said(status: StatusCode, members: &Value) -> Response {
    (status, [(CONTENT_TYPE, AWS_JSON)], members.to_string()).into_response()
}
