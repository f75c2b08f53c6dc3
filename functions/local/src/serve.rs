//! The worker: everything in one process.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use axum::{Router, middleware};
use kari_api::ApiState;
use kari_embedded::clock::SystemClock;
use kari_embedded::inbox::Inbox;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

use crate::app::App;
use crate::cli::{IdentityCenter, Options, Worker};
use crate::connections::{self, Limits};
use crate::data_dir::{DataDir, Instance};
use crate::issuer::{Issuer, Origin, SigningKey};
use crate::simulation::Simulation;
use crate::{host, inbox, issuer, portal, security_headers, shutdown, simulation};

/// Sent to who writes beyond the limit for files; the same number on Linux, macOS and the BSDs.
const SIGXFSZ: i32 = 25;

/// How the line begins that says where Kari is.
pub const READY: &str = "Kari is ready:";

/// Runs the worker until it is asked to stop.
///
/// # Errors
/// If the data directory, the port or the organization file cannot be used.
pub fn run(worker: &Worker) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(serve(worker));
    // What still blocks is cut off here; whatever was promised is in the store.
    runtime.shutdown_timeout(Duration::from_millis(200));
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn serve(worker: &Worker) -> anyhow::Result<()> {
    let options = &worker.options;
    // NB. A file that may not grow any more is like a full disk: nobody has to die of it.
    let _too_large = signal(SignalKind::from_raw(SIGXFSZ))?;
    let directory = DataDir::open(&options.data.data_dir)?;
    let listener = listen(options).await?;
    let origin = origin(options, listener.local_addr()?)?;
    if !options.bind.is_loopback() {
        tracing::warn!("whoever reaches {origin} can sign in as anybody: let only people you trust reach it");
    }
    let app = App::open(options, &directory).await?;
    let key = SigningKey::open(directory.path())?;
    let issuer =
        Issuer::new(origin.clone(), key, Arc::new(SystemClock::default()), app.kari.read_model.clone());
    let simulation = match options.identity_center {
        IdentityCenter::Simulated => Some(Simulation::of(&app)),
    };
    let routes = guarded(routes(&app, issuer, &origin, simulation), &origin);
    directory.announce(&Instance { origin: origin.to_string(), identity_center: options.identity_center })?;
    let loops = app.start_loops();
    say_ready(&origin, listener.local_addr()?);
    until_stopped(listener, routes, loops, worker.supervised).await?;
    // Whoever copies the database now has all of it.
    app.store.checkpoint().context("the database was not written into one file")
}

/// The API with what one machine adds, the sign-in and the portal. NB. What a simulation allows, such as
/// crashing, exists only beside one.
pub fn routes(app: &App, issuer: Issuer, origin: &Origin, simulation: Option<Simulation>) -> Router {
    let state = ApiState {
        kari: app.kari.clone(),
        authentication: issuer.authenticator(),
        portal: app.portal.clone(),
    };
    let simulated = simulation.is_some();
    let messages = Arc::new(Inbox::new(Arc::clone(&app.store)));
    let simulation = simulation.map(Arc::new).map(simulation::routes).unwrap_or_default();
    let (more, _) = inbox::routes(messages).merge(simulation).split_for_parts();
    let api = kari_api::router_with(state, more).merge(issuer::router(Arc::new(issuer)));
    portal::add_to(api, origin, simulated)
}

/// NB. Every route, also those added later, is behind these two.
fn guarded(app: Router, origin: &Origin) -> Router {
    app.layer(middleware::from_fn_with_state(Arc::new(origin.clone()), host::only_our_own))
        .layer(middleware::from_fn(security_headers::add))
}

async fn listen(options: &Options) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::new(options.bind, options.port);
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: stop what uses it, or choose another port with --port (0 takes a free one)")
    })
}

fn origin(options: &Options, listening: SocketAddr) -> anyhow::Result<Origin> {
    if let Some(origin) = &options.origin {
        return Ok(origin.clone());
    }
    let address = if listening.ip().is_unspecified() {
        SocketAddr::new(Ipv4Addr::LOCALHOST.into(), listening.port())
    } else {
        listening
    };
    Ok(Origin::parse(&format!("http://{address}"))?)
}

fn say_ready(origin: &Origin, listening: SocketAddr) {
    let port = listening.port();
    let elsewhere = if origin.authority().ends_with(&format!(":{port}")) {
        String::new()
    } else {
        format!(" (listening on port {port})")
    };
    // Nobody may be reading; that is no reason to stop.
    writeln!(std::io::stdout(), "{READY} {origin}{elsewhere}").ok();
}

/// Serves until asked to stop. What the loops are doing is cut off: they find it again at the next
/// start.
async fn until_stopped(
    listener: TcpListener,
    routes: Router,
    mut loops: JoinSet<()>,
    supervised: bool,
) -> anyhow::Result<()> {
    let stop = async {
        tokio::select! {
            _ = loops.join_next() => bail!("a part of kari that never ends has ended"),
            asked = shutdown::requested(supervised) => Ok(asked?),
        }
    };
    connections::serve(listener, routes, Limits::default(), stop).await
}
