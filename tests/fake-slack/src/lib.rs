//! A Slack for tests: the part of its Web API that Kari calls, strict about what Slack is strict about. It
//! records every call, and does badly what it is told to do badly.
//!
//! It must never know Kari: what it takes for legal is read off Slack's own documentation. Start reading at
//! [`FakeSlack`], then `methods`, one function for each method of the Web API.

mod control;
mod limits;
mod methods;
mod refusal;
mod views;
mod workspace;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{any, get, post};
use tokio::net::TcpListener;

pub use control::Control;
pub use limits::complaint;
pub use workspace::{Call, Person, Posted, Workspace};

/// The token that is taken unless another one is set.
pub const TOKEN: &str = "xoxb-fake";

/// A running Slack.
#[derive(Debug, Clone)]
pub struct FakeSlack {
    workspace: Arc<Mutex<Workspace>>,
    address: SocketAddr,
}

impl FakeSlack {
    /// Starts one on this machine, on any free port.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        Self::on(listener)
    }

    /// Starts one that listens here. It runs as long as the runtime does.
    ///
    /// # Errors
    /// If the listener has no address.
    pub fn on(listener: TcpListener) -> std::io::Result<Self> {
        let fake = Self { workspace: Arc::default(), address: listener.local_addr()? };
        let routes = fake.routes();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(fake)
    }

    /// What clients call.
    pub fn api_url(&self) -> String {
        format!("http://{}/api", self.address)
    }

    /// Everything that is in it, and what it shall do badly.
    pub fn workspace(&self) -> MutexGuard<'_, Workspace> {
        locked(&self.workspace)
    }

    fn routes(&self) -> Router {
        Router::new()
            .route("/api/{method}", any(methods::call))
            .route("/control", post(control::change))
            .route("/control/triggers", post(control::new_trigger))
            .route("/control/calls", get(control::calls))
            .route("/control/messages", get(control::messages))
            .with_state(Arc::clone(&self.workspace))
    }
}

pub(crate) fn locked(workspace: &Mutex<Workspace>) -> MutexGuard<'_, Workspace> {
    workspace.lock().unwrap_or_else(PoisonError::into_inner)
}
