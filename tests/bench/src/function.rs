//! The programs of the Lambda functions, started as Lambda starts them: against a runtime interface that hands out
//! one invocation.
#![expect(clippy::disallowed_methods, reason = "real time is what is measured")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Longer than any start takes, also with a seventh of a processor.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a function did when it was started.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// From the start of the program to its first call for work.
    pub first_poll: Duration,
    /// To the answer of the first invocation, if there was one.
    pub first_answer: Option<Duration>,
    /// The most memory that it had, in bytes.
    pub memory: u64,
}

/// What a program told the runtime interface.
enum Told {
    Polled(Instant),
    Answered(Instant),
    Failed(String),
}

struct Runtime {
    event: Option<&'static str>,
    told: UnboundedSender<Told>,
    never: Notify,
}

/// Starts `program` once. With an `event` it is handed out, and has to be answered. `share` of a processor is all it
/// gets, where one is given.
///
/// # Errors
/// If the program does not start, or fails, or the machine has no way to keep it to its share.
pub async fn start(program: &Path, event: Option<&'static str>, share: Option<f64>) -> io::Result<Start> {
    let (told, mut hears) = unbounded_channel();
    let runtime = Arc::new(Runtime { event, told, never: Notify::new() });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let serving = tokio::spawn(axum::serve(listener, interface(runtime)).into_future());
    let group = share.map(Group::new).transpose()?;
    let mut command = group.as_ref().map_or_else(|| Command::new(program), |group| group.command(program));
    command
        .env_clear()
        .envs(environment(&address))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let begun = Instant::now();
    let mut child = Ended(command.spawn()?);
    let started = observe(&mut hears, begun, event.is_some(), child.0.id()).await;
    child.end();
    serving.abort();
    started
}

async fn observe(
    hears: &mut UnboundedReceiver<Told>,
    begun: Instant,
    answers: bool,
    process: u32,
) -> io::Result<Start> {
    let mut start = None;
    loop {
        let told = tokio::time::timeout(PATIENCE, hears.recv()).await.ok().flatten();
        match (told.ok_or_else(|| io::Error::other("it neither asked for work nor answered"))?, &start) {
            (Told::Failed(why), _) => return Err(io::Error::other(why)),
            (Told::Polled(at), None) => {
                let polled = Start { first_poll: at - begun, first_answer: None, memory: peak(process)? };
                if !answers {
                    return Ok(polled);
                }
                start = Some(polled);
            }
            (Told::Answered(at), Some(start)) => {
                return Ok(Start { first_answer: Some(at - begun), memory: peak(process)?, ..*start });
            }
            (Told::Polled(_) | Told::Answered(_), _) => {}
        }
    }
}

/// Lambda's runtime interface, and a DynamoDB in which there is nothing.
fn interface(runtime: Arc<Runtime>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
        .route("/2018-06-01/runtime/init/error", post(failed))
        .fallback(nothing_there)
        .with_state(runtime)
}

async fn next(State(runtime): State<Arc<Runtime>>) -> Response {
    runtime.told.send(Told::Polled(Instant::now())).ok();
    let Some(event) = runtime.event else {
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

async fn answered(State(runtime): State<Arc<Runtime>>) -> StatusCode {
    runtime.told.send(Told::Answered(Instant::now())).ok();
    StatusCode::ACCEPTED
}

async fn failed(State(runtime): State<Arc<Runtime>>, why: String) -> StatusCode {
    runtime.told.send(Told::Failed(why)).ok();
    StatusCode::ACCEPTED
}

async fn nothing_there(request: Request) -> Response {
    let operation = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    match operation.and_then(|operation| operation.split_once('.')) {
        Some((_, "GetItem")) => "{}".into_response(),
        Some((_, "Query")) => r#"{"Items":[],"Count":0,"ScannedCount":0}"#.into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn environment(address: &str) -> Vec<(&'static str, String)> {
    let fixed = [
        ("AWS_LAMBDA_FUNCTION_NAME", "kari"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "example"),
        ("KARI_TABLE", "kari"),
        ("KARI_INSTANCE_ARN", "arn:aws:sso:::instance/ssoins-1234567890abcdef"),
        ("KARI_IDENTITY_STORE_ID", "d-1234567890"),
        ("KARI_ACCOUNT", "111122223333"),
        ("KARI_STATE_MACHINE_ARN", "arn:aws:states:eu-central-1:111122223333:stateMachine:kari-access"),
        ("KARI_TOPIC_ARN", "arn:aws:sns:eu-central-1:111122223333:kari"),
        ("KARI_ADMINISTRATORS", "11111111-2222-4333-8444-555555555555"),
        ("KARI_ISSUER", "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_example"),
        ("KARI_AUDIENCE", "example"),
        ("KARI_PORTAL_URL", "https://kari.example"),
        ("KARI_ACCESS_PORTAL_URL", "https://d-1234567890.awsapps.com/start"),
    ];
    let addresses =
        [("AWS_LAMBDA_RUNTIME_API", address.to_owned()), ("AWS_ENDPOINT_URL", format!("http://{address}"))];
    fixed.map(|(name, value)| (name, value.to_owned())).into_iter().chain(addresses).collect()
}

/// The most memory that a process had.
fn peak(process: u32) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    let kilobytes = kilobytes.and_then(|text| text.trim().parse::<u64>().ok());
    Ok(kilobytes.ok_or_else(|| io::Error::other("the system does not tell the memory of a process"))? * 1024)
}

/// A process that does not outlive its measurement.
struct Ended(Child);

impl Ended {
    fn end(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.end();
    }
}

/// A control group that gives its processes a share of one processor, as Lambda does by memory.
struct Group(PathBuf);

impl Group {
    fn new(share: f64) -> io::Result<Self> {
        const PERIOD_MICROSECONDS: f64 = 100_000.0;
        let quota = format!("{:.0}", share * PERIOD_MICROSECONDS);
        let name = format!("kari-bench-{}", std::process::id());
        let (old, new) = (Path::new("/sys/fs/cgroup/cpu"), Path::new("/sys/fs/cgroup"));
        let group = Self(if old.is_dir() { old.join(&name) } else { new.join(&name) });
        fs::create_dir_all(&group.0)?;
        if old.is_dir() {
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
