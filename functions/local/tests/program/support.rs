//! Starts the real program and talks to it, for the tests that need a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

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

/// A token for a person of the sample organization.
pub(crate) fn token(user: &str, data_dir: &Path) -> String {
    let output = kari().args(["token", "--as", user, "--data-dir"]).arg(data_dir).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
