//! The HTTP front: the wire protocols of `sso-admin`, `identitystore` and `organizations` (AWS JSON
//! 1.1) over a [`SimulatedIdentityCenter`], so that the real AWS SDKs run against it through
//! `AWS_ENDPOINT_URL_SSO_ADMIN`, `AWS_ENDPOINT_URL_IDENTITYSTORE` and `AWS_ENDPOINT_URL_ORGANIZATIONS`,
//! all three with the same address. Of `sts` it knows as much as it takes to come from the management
//! account (`AWS_ENDPOINT_URL_STS`).
//!
//! It parses, pages and shapes; everything that happens, faults included, is `World`'s doing. Names and
//! shapes are those of the service models that AWS publishes. Signatures are not checked. Where no answer
//! arrives, the connection is closed without a byte. A control API under `/_kari` tells what was called
//! and sets faults off; it answers this machine only.
//!
//! Start reading at `operations`, the table; then `answer`, the way of every call, and one service, for
//! instance `sso_admin`.

mod answer;
mod control;
mod exchange;
mod failure;
mod identity_store;
mod members;
mod operations;
mod organizations;
mod paging;
mod serve;
mod shapes;
mod sso_admin;
mod sts;
mod traffic;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::routing::post;
use chrono::TimeDelta;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::SimulatedIdentityCenter;
use traffic::Traffic;

/// In what the front may differ, all of it within what AWS documents.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// At most so many entries on a page, whatever is asked for; `None`: as many as AWS gives.
    pub most_per_page: Option<NonZeroUsize>,
    /// Whether lists of `organizations` begin with an empty page that has a next one.
    pub empty_first_pages: bool,
    /// Whether accounts have the member `Status`, which AWS retired in favour of `State`.
    pub account_status: bool,
    /// Whether accounts lack the member `Paths`, which AWS gave them late.
    pub no_account_paths: bool,
    /// The ARN of the key that it is encrypted with; `None`: one of AWS's own.
    pub key: Option<&'static str>,
    /// How long every call is under way before it is looked at.
    pub delay: TimeDelta,
}

/// A simulated Identity Center as its callers reach it over HTTP.
#[derive(Debug)]
pub struct Front {
    center: Arc<SimulatedIdentityCenter>,
    options: Options,
    traffic: Traffic,
    requests: AtomicU64,
}

impl Front {
    /// A front of this Identity Center.
    pub fn new(center: Arc<SimulatedIdentityCenter>, options: Options) -> Self {
        Self { center, options, traffic: Traffic::default(), requests: AtomicU64::new(0) }
    }

    /// Answers whoever connects, until it is dropped.
    pub async fn serve(self, listener: TcpListener) {
        let front = Arc::new(self);
        // It ends with this.
        let mut beside = JoinSet::new();
        beside.spawn(traffic::notice_stalls(Arc::clone(&front)));
        serve::serve(listener, routes(front)).await;
    }

    /// An id that no other request has.
    fn next_request_id(&self) -> Uuid {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        uuid::Builder::from_custom_bytes(u128::from(number).to_be_bytes()).into_uuid()
    }
}

fn routes(front: Arc<Front>) -> Router {
    Router::new().route("/", post(answer::answer)).nest("/_kari", control::routes()).with_state(front)
}
