//! The programs of the Lambda functions, started as Lambda starts them: against a runtime interface that hands out
//! invocations.
#![expect(clippy::disallowed_methods, reason = "real time is what is measured")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use crate::aws::Aws;
use crate::deployed::Deployed;

/// Whose access tokens a function takes, and for which client.
pub(crate) const ISSUER: &str = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_example";
pub(crate) const AUDIENCE: &str = "example";
pub(crate) const IDENTITY_STORE: &str = "d-1234567890";
/// The one of Slack whose people are let in.
pub(crate) const WORKSPACE: &str = "T0000000001";
/// Longer than any start takes, also with a seventh of a processor.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a function did when it was started.
#[derive(Debug, Clone)]
pub struct Start {
    /// From the start of the program to its first call for work.
    pub first_poll: Duration,
    /// To the answer of the first invocation, if there was one.
    pub first_answer: Option<Duration>,
    /// That answer; null if there was none.
    pub answer: Value,
    /// The most memory that it had, in bytes.
    pub memory: u64,
}

/// What a program told the runtime interface.
enum Told {
    Polled(Instant),
    Answered(Instant, Value),
    Failed(String),
}

struct Runtime {
    event: Option<String>,
    told: UnboundedSender<Told>,
    never: Notify,
}

/// A program that runs, and what it calls.
struct Running {
    child: Child,
    begun: Instant,
    hears: UnboundedReceiver<Told>,
    serving: JoinHandle<io::Result<()>>,
    // Dropped after the child has ended.
    _aws: Aws,
    _group: Option<Group>,
}

impl Running {
    async fn new(
        program: &Path,
        event: Option<String>,
        share: Option<f64>,
        deployed: &Deployed,
    ) -> io::Result<Self> {
        let (told, hears) = unbounded_channel();
        let runtime = Arc::new(Runtime { event, told, never: Notify::new() });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let serving = tokio::spawn(axum::serve(listener, interface(runtime)).into_future());
        let aws = Aws::start(deployed).await?;
        let group = share.map(Group::new).transpose()?;
        let mut command =
            group.as_ref().map_or_else(|| Command::new(program), |group| group.command(program));
        command
            .env_clear()
            .envs(environment())
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_ENDPOINT_URL", &aws.others)
            .env("AWS_ENDPOINT_URL_DYNAMODB", &aws.dynamodb)
            .env("KARI_SLACK_API_URL", aws.slack())
            .env("SSL_CERT_FILE", aws.certificates())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let begun = Instant::now();
        Ok(Self { child: command.spawn()?, begun, hears, serving, _aws: aws, _group: group })
    }

    /// What it tells next.
    async fn told(&mut self) -> io::Result<Told> {
        let told = tokio::time::timeout(PATIENCE, self.hears.recv()).await.ok().flatten();
        match told.ok_or_else(|| io::Error::other("it neither asked for work nor answered"))? {
            Told::Failed(why) => Err(io::Error::other(why)),
            told => Ok(told),
        }
    }

    async fn answered(&mut self) -> io::Result<(Instant, Value)> {
        loop {
            if let Told::Answered(at, answer) = self.told().await? {
                return Ok((at, answer));
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        self.serving.abort();
    }
}

/// Starts `program` of this deployment once. With an `event` it is handed out, and has to be answered. `share` of a
/// processor is all it gets, where one is given.
///
/// # Errors
/// If the program does not start, or fails, or the machine has no way to keep it to its share.
pub async fn start(
    program: &Path,
    event: Option<String>,
    share: Option<f64>,
    deployed: &Deployed,
) -> io::Result<Start> {
    let is_invoked = event.is_some();
    let mut running = Running::new(program, event, share, deployed).await?;
    let Told::Polled(at) = running.told().await? else {
        return Err(io::Error::other("it answered before it was asked"));
    };
    let first_poll = at - running.begun;
    let (first_answer, answer) = if is_invoked {
        let (at, answer) = running.answered().await?;
        (Some(at - running.begun), answer)
    } else {
        (None, Value::Null)
    };
    Ok(Start { first_poll, first_answer, answer, memory: peak(running.child.id())? })
}

/// The processor time of one invocation of a program that runs already, by so many of them.
///
/// # Errors
/// If the program does not start, or fails.
pub async fn warm(program: &Path, event: String, times: u32) -> io::Result<Duration> {
    let mut running = Running::new(program, Some(event), None, &Deployed::default()).await?;
    running.answered().await?;
    let before = processor_time_of(running.child.id())?;
    for _ in 0..times {
        running.answered().await?;
    }
    Ok(processor_time_of(running.child.id())?.saturating_sub(before) / times)
}

/// The processor time that the threads of a process used.
fn processor_time_of(process: u32) -> io::Result<Duration> {
    let mut nanoseconds = 0;
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        let figures = fs::read_to_string(thread?.path().join("schedstat"))?;
        let used = figures.split(' ').next().and_then(|used| used.parse::<u64>().ok());
        nanoseconds += used.ok_or_else(|| io::Error::other("the system does not tell what a thread used"))?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// Lambda's runtime interface.
fn interface(runtime: Arc<Runtime>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
        .route("/2018-06-01/runtime/init/error", post(failed))
        .layer(DefaultBodyLimit::disable())
        .with_state(runtime)
}

async fn next(State(runtime): State<Arc<Runtime>>) -> Response {
    runtime.told.send(Told::Polled(Instant::now())).ok();
    let Some(event) = runtime.event.clone() else {
        runtime.never.notified().await;
        return StatusCode::GONE.into_response();
    };
    let mut answer = event.into_response();
    let headers = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", "32503680000000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-central-1:111122223333:function:kari"),
    ];
    for (name, value) in headers {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// NB. What refuses or fails answers soon, too, and is no figure.
async fn answered(State(runtime): State<Arc<Runtime>>, answer: String) -> StatusCode {
    let at = Instant::now();
    let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
    let told = match answer.get("statusCode").and_then(Value::as_u64) {
        Some(status) if status != 200 => Told::Failed(format!("it answered {status}")),
        Some(_) | None => Told::Answered(at, answer),
    };
    runtime.told.send(told).ok();
    StatusCode::ACCEPTED
}

async fn failed(State(runtime): State<Arc<Runtime>>, why: String) -> StatusCode {
    runtime.told.send(Told::Failed(why)).ok();
    StatusCode::ACCEPTED
}

fn environment() -> impl IntoIterator<Item = (&'static str, &'static str)> {
    [
        ("AWS_LAMBDA_FUNCTION_NAME", "kari"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "example"),
        ("KARI_TABLE", "kari"),
        ("KARI_INSTANCE_ARN", "arn:aws:sso:::instance/ssoins-1234567890abcdef"),
        ("KARI_IDENTITY_STORE_ID", IDENTITY_STORE),
        ("KARI_ACCOUNT", "111122223333"),
        ("KARI_STATE_MACHINE_ARN", "arn:aws:states:eu-central-1:111122223333:stateMachine:kari-access"),
        ("KARI_TOPIC_ARN", "arn:aws:sns:eu-central-1:111122223333:kari"),
        ("KARI_ADMINISTRATORS", "11111111-2222-4333-8444-555555555555"),
        ("KARI_ISSUER", ISSUER),
        ("KARI_AUDIENCE", AUDIENCE),
        ("KARI_PORTAL_URL", "https://kari.example"),
        ("KARI_ACCESS_PORTAL_URL", "https://d-1234567890.awsapps.com/start"),
        ("KARI_SLACK_SECRET", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:kari-slack-a1b2c3"),
        ("KARI_SLACK_WORKSPACES", WORKSPACE),
    ]
}

/// The most memory that a process had.
fn peak(process: u32) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    let kilobytes = kilobytes.and_then(|text| text.trim().parse::<u64>().ok());
    Ok(kilobytes.ok_or_else(|| io::Error::other("the system does not tell the memory of a process"))? * 1024)
}

/// A control group that gives its processes a share of one processor, as Lambda does by memory.
struct Group(PathBuf);

impl Group {
    fn new(share: f64) -> io::Result<Self> {
        // NB. Of the kernel's own hundred milliseconds, a start would end within the first share.
        const PERIOD_MICROSECONDS: f64 = 10_000.0;
        let quota = format!("{:.0}", share * PERIOD_MICROSECONDS);
        let name = format!("kari-bench-{}", std::process::id());
        let (old, new) = (Path::new("/sys/fs/cgroup/cpu"), Path::new("/sys/fs/cgroup"));
        let group = Self(if old.is_dir() { old.join(&name) } else { new.join(&name) });
        fs::create_dir_all(&group.0)?;
        if old.is_dir() {
            fs::write(group.0.join("cpu.cfs_period_us"), format!("{PERIOD_MICROSECONDS:.0}"))?;
            fs::write(group.0.join("cpu.cfs_quota_us"), quota)?;
        } else {
            fs::write(group.0.join("cpu.max"), format!("{quota} {PERIOD_MICROSECONDS:.0}"))?;
        }
        Ok(group)
    }

    /// NB. It joins before it becomes the program, which has not used anything then; the shell costs a millisecond.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", r#"echo $$ > "$0/cgroup.procs" && exec "$1""#]).arg(&self.0).arg(program);
        command
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        fs::remove_dir(&self.0).ok();
    }
}
