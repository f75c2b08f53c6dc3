//! The worker: everything in one process.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::process::ExitCode;
use std::sync::{Arc, Once};
use std::time::Duration;

use anyhow::{Context, bail};
use axum::http::HeaderValue;
use axum::{Router, middleware};
use chrono::TimeDelta;
use kari_api::ApiState;
use kari_application::ports::Clock;
use kari_embedded::clock::SystemClock;
use kari_embedded::inbox::Inbox;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

use crate::app::App;
use crate::cli::{IdentityCenter, Options, Worker};
use crate::connections::{self, Limits};
use crate::data_dir::{DataDir, Instance};
use crate::issuer::{Issuer, Origin, SigningKey};
use crate::late::{Late, before_sign_in};
use crate::sign_in::SignIn;
use crate::simulation::Simulation;
use crate::under_way::UnderWay;
use crate::{
    aws, data_dir, host, inbox, issuer, portal, recorded, security_headers, shutdown, simulation, slack,
    slack_delivery, smtp, sns,
};

/// Sent to who writes beyond the limit for files; the same number on Linux, macOS and the BSDs.
const SIGXFSZ: i32 = 25;

/// After an issuer did not answer.
const ISSUER_AGAIN: TimeDelta = TimeDelta::seconds(5);

/// How long what still blocks may take once everything else has ended.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// How the line begins that says where Kari is.
pub const READY: &str = "Kari is ready:";

/// Runs the worker until it is asked to stop.
///
/// # Errors
/// If the data directory, the port or the organization file cannot be used.
pub fn run(worker: &Worker) -> anyhow::Result<ExitCode> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    // NB. Threads of their own: whatever keeps those busy that answer, access ends.
    let loops =
        Builder::new_multi_thread().worker_threads(2).thread_name("kari-loops").enable_all().build()?;
    let outcome = runtime.block_on(serve(worker, loops.handle()));
    // What still blocks is cut off here; whatever was promised is in the store.
    loops.shutdown_timeout(LAST_WORDS);
    runtime.shutdown_timeout(LAST_WORDS);
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn serve(worker: &Worker, runtime_of_loops: &Handle) -> anyhow::Result<()> {
    let options = &worker.options;
    // NB. A file that may not grow any more is like a full disk: nobody has to die of it.
    let _too_large = signal(SignalKind::from_raw(SIGXFSZ))?;
    let directory = DataDir::open(&options.data.data_dir)?;
    let listener = listen(options).await?;
    let origin = origin(options, listener.local_addr()?)?;
    let ran_before = data_dir::has_instance(directory.path());
    let mut stop = pin!(shutdown::requested(worker.supervised));
    // It may wait for Identity Center.
    let mut app = tokio::select! {
        app = App::open(options, &directory) => app?,
        asked = &mut stop => return Ok(asked?),
    };
    let slack = slack::set_up(&options.slack).await?.map(|set_up| {
        slack::try_out(&set_up);
        let delivery = slack_delivery::connect(&mut app, &set_up, &origin);
        (set_up, delivery)
    });
    smtp::connect(&mut app, &options.mail, &origin)?;
    sns::connect(&mut app, &options.sns).await?;
    let (sign_in, issuer) = match options.identity_center {
        IdentityCenter::Simulated => {
            let issuer = own_issuer(options, &directory, &origin, &app)?;
            (Some(SignIn::here(&issuer)), Some(issuer))
        }
        // Whoever starts it for the first time learns at once what is wrong.
        IdentityCenter::Aws if !ran_before => (Some(aws::sign_in(&options.real, real_clock()).await?), None),
        IdentityCenter::Aws => (None, None),
    };
    let under_way = UnderWay::default();
    let slack = slack.map(|(slack, delivery)| slack::routes(slack, delivery, &app.kari, &origin, &under_way));
    let slack = slack.unwrap_or_default();
    let (identity_center, real) = (options.identity_center, app.real.clone());
    directory.announce(&Instance { origin: origin.to_string(), identity_center, real })?;
    let loops = app.start_loops(runtime_of_loops);
    let (ready, address) = (Once::new(), listener.local_addr()?);
    let say_ready = || ready.call_once(|| say_ready(&origin, address));
    let before = before_sign_in(&app.kari, slack.clone());
    let late = Late::new(guarded(before, &origin, security_headers::policy(&BTreeSet::new())?));
    let complete = |sign_in: &SignIn, issuer: Option<Issuer>| {
        let routes = routes(&app, sign_in, issuer, Simulation::of(&app)).merge(slack.clone());
        late.complete(guarded(routes, &origin, security_headers::policy(&sign_in.asks)?));
        say_ready();
        anyhow::Ok(())
    };
    let is_complete = sign_in.is_some();
    if let Some(sign_in) = sign_in {
        complete(&sign_in, issuer)?;
    }
    let rest = async {
        if is_complete { Ok(()) } else { complete(&sign_in_patiently(options, &say_ready).await, None) }
    };
    until_stopped(listener, late.routes(), rest, loops, &under_way, stop).await?;
    if let Err(error) = recorded::note(&app.store, directory.files()) {
        tracing::warn!("{error:#}; a database that is set back may not be noticed at the next start");
    }
    // Whoever copies the database now has all of it.
    app.store.checkpoint().context("the database was not written into one file")
}

fn real_clock() -> Arc<SystemClock> {
    Arc::new(SystemClock::default())
}

fn own_issuer(options: &Options, directory: &DataDir, origin: &Origin, app: &App) -> anyhow::Result<Issuer> {
    if !options.bind.is_loopback() {
        tracing::warn!("whoever reaches {origin} can sign in as anybody: let only people you trust reach it");
    }
    let key = SigningKey::open(directory.path())?;
    Ok(Issuer::new(origin.clone(), key, real_clock(), app.kari.read_model.clone()))
}

/// NB. Access ends whether or not anybody can sign in: where the issuer does not answer, Kari runs, and only
/// its portal has to wait.
async fn sign_in_patiently(options: &Options, say_ready: impl Fn()) -> SignIn {
    let clock = real_clock();
    loop {
        match aws::sign_in(&options.real, clock.clone()).await {
            Ok(sign_in) => return sign_in,
            Err(error) => tracing::warn!("nobody can sign in yet, it is tried again: {error:#}"),
        }
        say_ready();
        clock.sleep(ISSUER_AGAIN).await;
    }
}

/// The API with what one machine adds, the sign-in and the portal. NB. What a simulation allows, such as
/// crashing or being anybody, exists only beside one.
pub fn routes(app: &App, sign_in: &SignIn, issuer: Option<Issuer>, simulation: Option<Simulation>) -> Router {
    let state = ApiState {
        kari: app.kari.clone(),
        authentication: Arc::clone(&sign_in.authentication),
        portal: app.portal.clone(),
    };
    let simulated = simulation.is_some();
    let messages = Arc::new(Inbox::new(Arc::clone(&app.store)));
    let simulation = simulation.map(Arc::new).map(simulation::routes).unwrap_or_default();
    let (more, _) = inbox::routes(messages).merge(simulation).split_for_parts();
    let issuer = issuer.map(Arc::new).map(issuer::router).unwrap_or_default();
    portal::add_to(kari_api::router_with(state, more).merge(issuer), sign_in, simulated)
}

/// NB. Every route, also those added later, is behind these two.
fn guarded(app: Router, origin: &Origin, policy: HeaderValue) -> Router {
    app.layer(middleware::from_fn_with_state(Arc::new(origin.clone()), host::only_our_own))
        .layer(middleware::from_fn_with_state(policy, security_headers::add))
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

/// Serves until asked to stop, and does the rest meanwhile, and what was commanded until then. What the loops are doing is
/// cut off: they find it again at the next start.
async fn until_stopped(
    listener: TcpListener,
    routes: Router,
    rest: impl Future<Output = anyhow::Result<()>>,
    mut loops: JoinSet<()>,
    under_way: &UnderWay,
    asked: impl Future<Output = std::io::Result<()>>,
) -> anyhow::Result<()> {
    let stop = async {
        tokio::select! {
            _ = loops.join_next() => bail!("a part of kari that never ends has ended"),
            asked = asked => Ok(asked?),
            Err(error) = rest => Err(error),
        }
    };
    let limits = Limits::default();
    let stopped = connections::serve(listener, routes, limits, stop).await;
    // NB. After the last request: nothing is handed over any more.
    under_way.end_within(limits.stop).await;
    stopped
}
