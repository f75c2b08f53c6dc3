//! Its database is taken from a Kari that runs.

use std::process::{Child, ExitStatus, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::eventually::eventually;
use crate::support::{client, kari, ready_line, start, token};

/// Waits until a process ends by itself.
fn ended(process: &mut Child) -> ExitStatus {
    eventually("it ends", || process.try_wait().unwrap().is_some());
    process.wait().unwrap()
}

/// What it says of its health, or why nobody answers.
fn health(origin: &str) -> Result<(u16, String), ureq::Error> {
    let mut answer = client().get(format!("{origin}/healthz")).call()?;
    let status = answer.status().as_u16();
    let body: Value = answer.body_mut().read_json()?;
    Ok((status, body["code"].as_str().unwrap_or_default().to_owned()))
}

/// It may have ended at any moment since the database went, and whoever ended answers nobody; but nobody may be
/// answered as if all were well.
#[test]
fn a_kari_whose_database_is_taken_away_says_so_ends_and_does_not_come_back_without_it() {
    let (data, beside) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let log = beside.path().join("log");
    let mut worker = kari();
    worker.args(["serve", "--port", "0", "--data-dir"]).arg(data.path());
    worker.stdout(Stdio::piped()).stderr(std::fs::File::create(&log).unwrap());
    let mut worker = worker.spawn().unwrap();
    let origin = ready_line(worker.stdout.take().unwrap());
    let token = token("hanako", data.path());
    assert_eq!(health(&origin).unwrap(), (200, String::new()));
    for file in ["kari.db", "kari.db-wal", "kari.db-shm"] {
        std::fs::rename(data.path().join(file), data.path().join(format!("moved-{file}"))).unwrap();
    }
    if let Ok(answer) = health(&origin) {
        assert_eq!(answer, (503, "cannot-record".to_owned()));
    }
    let skip = client()
        .post(format!("{origin}/v1/simulation/skip"))
        .header("authorization", format!("Bearer {token}"))
        .send_json(serde_json::json!({ "minutes": 60 }));
    if let Ok(answer) = skip {
        assert_eq!(answer.status(), 503);
    }
    assert!(!ended(&mut worker).success());
    let said = std::fs::read_to_string(&log).unwrap();
    assert!(said.contains("removed, replaced or emptied"), "{said}");

    let back = || kari().args(["serve", "--port", "0", "--data-dir"]).arg(data.path()).output().unwrap();
    let refused = back();
    assert!(!refused.status.success());
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("backup") && message.contains("identity center"), "{message}");
    let verify = kari().args(["audit", "verify", "--data-dir"]).arg(data.path()).output().unwrap();
    assert!(!verify.status.success());

    for file in ["kari.db", "kari.db-wal", "kari.db-shm"] {
        std::fs::rename(data.path().join(format!("moved-{file}")), data.path().join(file)).unwrap();
    }
    let (mut worker, _) = start(&["serve", "--port", "0"], data.path());
    worker.kill().unwrap();
    worker.wait().unwrap();
}
