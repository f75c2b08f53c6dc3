//! The supervisor keeps Kari alive, and nothing outlives it.

use std::io::{PipeReader, PipeWriter, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::eventually::eventually;
use crate::support::{client, kari, ready_line, start, token};

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

fn answers(origin: &str) -> bool {
    client().get(format!("{origin}/healthz")).call().is_ok()
}

fn simulation(origin: &str, token: &str) -> Option<Value> {
    let bearer = format!("Bearer {token}");
    let answer = client().get(format!("{origin}/v1/simulation")).header("authorization", &bearer).call();
    answer.ok()?.body_mut().read_json().ok()
}

fn free_to_use(data_dir: &Path) -> bool {
    let lock = std::fs::File::open(data_dir.join("lock")).unwrap();
    lock.try_lock().is_ok()
}

#[test]
fn a_crashed_worker_is_back_at_the_same_address_and_remembers() {
    let data = tempfile::tempdir().unwrap();
    let (mut supervisor, origin) = start(&["--port", "0"], data.path());
    let token = token("alice", data.path());
    let before = simulation(&origin, &token).unwrap();
    let skip = client()
        .post(format!("{origin}/v1/simulation/skip"))
        .header("authorization", format!("Bearer {token}"))
        .send_json(serde_json::json!({ "minutes": 60 }));
    assert_eq!(skip.unwrap().status(), 200);

    let crash = client()
        .post(format!("{origin}/v1/simulation/crash"))
        .header("authorization", format!("Bearer {token}"))
        .send_empty();
    assert_eq!(crash.unwrap().status(), 202);
    let mut after = Value::Null;
    eventually("another process answers", || {
        after = simulation(&origin, &token).unwrap_or_default();
        after["boot"].is_string() && after["boot"] != before["boot"]
    });
    assert_eq!(after["skipped_minutes"], 60);

    signal(&supervisor, Signal::TERM);
    assert!(supervisor.wait().unwrap().success());
    assert!(!answers(&origin));
}

#[test]
fn nobody_dies_because_the_log_cannot_be_written() {
    let data = tempfile::tempdir().unwrap();
    let mut command = kari();
    command.args(["--port", "0", "--data-dir"]).arg(data.path()).env("KARI_LOG", "trace");
    let mut supervisor = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Whoever read the log is gone.
    drop(supervisor.stderr.take());
    let origin = ready_line(supervisor.stdout.take().unwrap());
    works(supervisor, &origin, data.path());
}

#[test]
fn nobody_waits_for_whoever_has_the_log_and_does_not_read_it() {
    let data = tempfile::tempdir().unwrap();
    let (unread, log) = full();
    let mut command = kari();
    command.args(["--port", "0", "--data-dir"]).arg(data.path()).env("KARI_LOG", "trace");
    let mut supervisor = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let origin = ready_line(supervisor.stdout.take().unwrap());
    works(supervisor, &origin, data.path());
    drop(unread);
}

#[test]
fn nobody_waits_for_whoever_has_the_output_and_does_not_read_it() {
    let data = tempfile::tempdir().unwrap();
    let (unread, output) = full();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = kari();
    command.args(["--port", &port.to_string(), "--data-dir"]).arg(data.path());
    let supervisor = command.stdout(output).stderr(Stdio::null()).spawn().unwrap();
    let origin = format!("http://127.0.0.1:{port}");
    eventually("it answers", || answers(&origin));
    works(supervisor, &origin, data.path());
    drop(unread);
}

/// A pipe that nobody reads, and that is full before anything is said.
fn full() -> (PipeReader, PipeWriter) {
    let (unread, output) = std::io::pipe().unwrap();
    let mut filling = output.try_clone().unwrap();
    std::thread::spawn(move || while filling.write_all(&[b'x'; 4096]).is_ok() {});
    (unread, output)
}

/// It answers, is back after a crash, and stops when it is asked to.
fn works(mut supervisor: Child, origin: &str, data: &Path) {
    let token = token("alice", data);
    let mut boot = Value::Null;
    eventually("she is answered", || {
        boot = simulation(origin, &token).unwrap_or_default()["boot"].clone();
        boot.is_string()
    });
    let crash = client()
        .post(format!("{origin}/v1/simulation/crash"))
        .header("authorization", format!("Bearer {token}"))
        .send_empty();
    assert_eq!(crash.unwrap().status(), 202);
    eventually("the supervisor tells of it to nobody, and starts another worker", || {
        simulation(origin, &token).is_some_and(|now| now["boot"] != boot)
    });
    signal(&supervisor, Signal::TERM);
    assert!(supervisor.wait().unwrap().success());
}

#[test]
fn no_worker_outlives_its_supervisor() {
    let data = tempfile::tempdir().unwrap();
    let (mut supervisor, origin) = start(&["--port", "0"], data.path());
    assert!(answers(&origin) && !free_to_use(data.path()));
    signal(&supervisor, Signal::KILL);
    supervisor.wait().unwrap();
    eventually("the worker gives the data directory back", || free_to_use(data.path()));
    eventually("the worker is gone", || !answers(&origin));
}

#[test]
fn an_interrupt_stops_everything_quickly_and_cleanly() {
    let data = tempfile::tempdir().unwrap();
    let (mut supervisor, origin) = start(&["run", "--port", "0"], data.path());
    // A page that is open keeps its connection.
    let page = client();
    page.get(format!("{origin}/healthz")).call().unwrap();
    #[expect(clippy::disallowed_methods, reason = "a test waits in real time")]
    let asked = Instant::now();
    signal(&supervisor, Signal::INT);
    assert!(supervisor.wait().unwrap().success());
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    assert!(free_to_use(data.path()));
}

#[test]
fn two_workers_never_share_a_data_directory_and_the_second_says_so() {
    let data = tempfile::tempdir().unwrap();
    let (mut first, _) = start(&["serve", "--port", "0"], data.path());
    let second = kari().args(["run", "--port", "0", "--data-dir"]).arg(data.path()).output().unwrap();
    assert!(!second.status.success());
    let message = String::from_utf8(second.stderr).unwrap();
    assert!(message.contains("another kari uses") && message.contains("--data-dir"), "{message}");
    first.kill().unwrap();
    first.wait().unwrap();
}

#[test]
fn a_port_that_is_taken_is_an_error_that_says_what_to_do_and_is_not_retried() {
    let data = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = kari().args(["--port", &port, "--data-dir"]).arg(data.path()).output().unwrap();
    assert!(!output.status.success());
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("--port"), "{message}");
}

#[test]
fn an_organization_file_with_mistakes_is_refused_with_line_and_name() {
    let parent = tempfile::tempdir().unwrap();
    let (file, data) = (parent.path().join("organization.toml"), parent.path().join("data"));
    std::fs::write(&file, "[[group]]\nname = \"developers\"\nmembers = [\"nobody\"]\n").unwrap();
    let output =
        kari().args(["--port", "0", "--organization"]).arg(&file).arg("--data-dir").arg(&data).output();
    let output = output.unwrap();
    assert!(!output.status.success());
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("nobody") && message.contains('3'), "{message}");
}

#[test]
fn a_token_needs_a_kari_that_ran_and_a_person_who_exists() {
    let data = tempfile::tempdir().unwrap();
    let ask =
        |user: &str| kari().args(["token", "--as", user, "--data-dir"]).arg(data.path()).output().unwrap();
    assert!(!ask("alice").status.success());
    let (mut worker, _) = start(&["serve", "--port", "0"], data.path());
    assert!(ask("alice").status.success());
    // On sabbatical, and not there at all.
    for (nobody, told) in [("daichi", "disabled"), ("nobody", "alice")] {
        let refused = ask(nobody);
        assert!(!refused.status.success() && refused.stdout.is_empty());
        assert!(String::from_utf8(refused.stderr).unwrap().contains(told), "it says who there is");
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
}

#[test]
fn an_altered_event_is_found_by_the_command_line() {
    let data = tempfile::tempdir().unwrap();
    let (mut worker, _) = start(&["serve", "--port", "0"], data.path());
    worker.kill().unwrap();
    worker.wait().unwrap();
    let verify = || kari().args(["audit", "verify", "--data-dir"]).arg(data.path()).output().unwrap();
    assert!(verify().status.success());
    let database = rusqlite::Connection::open(data.path().join("kari.db")).unwrap();
    // The database refuses this by itself; whoever owns the file can talk it out of that.
    let triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'";
    let triggers: Vec<String> =
        database.prepare(triggers).unwrap().query_map([], |row| row.get(0)).unwrap().flatten().collect();
    for trigger in triggers {
        database.execute_batch(&format!("DROP TRIGGER \"{trigger}\"")).unwrap();
    }
    let altered = database.execute("UPDATE events SET bytes = replace(bytes, 'sandbox', 'production')", []);
    assert!(altered.unwrap() > 0);
    let found = verify();
    assert!(!found.status.success());
    assert!(String::from_utf8(found.stdout).unwrap().contains("FAULT  policies"));
}

#[test]
fn only_this_servers_own_name_is_answered() {
    let data = tempfile::tempdir().unwrap();
    let (mut worker, origin) = start(&["serve", "--port", "0"], data.path());
    let mut foreign =
        client().get(format!("{origin}/config.json")).header("host", "evil.example").call().unwrap();
    assert_eq!(foreign.status(), 421);
    assert_eq!(foreign.headers()["content-type"], "application/problem+json");
    let problem = foreign.body_mut().read_to_string().unwrap();
    assert!(problem.contains(r#""code":"another-host""#) && problem.contains(&origin), "{problem}");
    let sibling = origin.replace("127.0.0.1", "localhost");
    let mut led = client().get(format!("{sibling}/config.json")).call().unwrap();
    let mut text = String::new();
    led.body_mut().as_reader().read_to_string(&mut text).unwrap();
    assert!(text.contains(&origin), "{text}");
    worker.kill().unwrap();
    worker.wait().unwrap();
}
