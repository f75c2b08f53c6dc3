//! Starts the real program and talks to it, for the tests that need a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

/// The program under test.
pub(crate) fn kari() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kari"));
    command.env_remove("KARI_LOG").env_remove("RUST_BACKTRACE").stdin(Stdio::null());
    command
}

/// Starts `kari` and waits for the line that says where it is. Returns its address.
pub(crate) fn start(arguments: &[&str], data_dir: &Path) -> (Child, String) {
    let mut command = kari();
    command.args(arguments).arg("--data-dir").arg(data_dir);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let output = child.stdout.take().unwrap();
    let address = ready_line(output);
    (child, address)
}

/// Where it says it is.
pub(crate) fn ready_line(output: ChildStdout) -> String {
    let mut lines = BufReader::new(output).lines();
    let line = lines.next().expect("kari says where it is").unwrap();
    // Read on, so that it is never told that nobody listens.
    std::thread::spawn(move || lines.count());
    line.strip_prefix("Kari is ready: ").unwrap_or_else(|| panic!("unexpected: {line}")).to_owned()
}

/// A client that gives status and body for every answer.
pub(crate) fn client() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(std::time::Duration::from_secs(20)));
    config.build().into()
}

/// What Kari at this address answers somebody of the sample organization who knows this version of what they change.
/// It has to go well.
pub(crate) fn ok(
    origin: &str,
    data_dir: &Path,
    method: &str,
    path: &str,
    user: &str,
    body: &Value,
    version: u64,
) -> Value {
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{origin}{path}"))
        .header("authorization", format!("Bearer {}", token(user, data_dir)))
        .header("content-type", "application/json")
        .header("idempotency-key", "once")
        .header("if-match", format!("\"{version}\""));
    let mut answer = match method {
        "GET" => client().run(request.body(()).unwrap()).unwrap(),
        _ => client().run(request.body(body.to_string()).unwrap()).unwrap(),
    };
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string().unwrap();
    assert!((200..300).contains(&status), "{method} {path}: {status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

/// A token for a person of the sample organization.
pub(crate) fn token(user: &str, data_dir: &Path) -> String {
    let output = kari().args(["token", "--as", user, "--data-dir"]).arg(data_dir).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
