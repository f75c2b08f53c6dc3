//! What is said at the start.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use kari_fake_slack::{FakeSlack, TOKEN};
use serde_json::json;

use super::stage::{TEAM, write_secrets};
use crate::support::kari;

#[test]
fn secrets_that_others_can_read_are_refused_at_the_start() {
    let home = tempfile::tempdir().unwrap();
    let secrets = home.path().join("slack.json");
    write_secrets(&secrets, &json!({"bot_token": "xoxb-hush", "signing_secret": "hush"}).to_string(), 0o644);
    let mut command = kari();
    command.args(["serve", "--port", "0", "--slack-workspaces", "T1", "--slack-secrets"]).arg(&secrets);
    let output = command.arg("--data-dir").arg(home.path().join("kari")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("chmod 600") && !said.contains("hush"), "{said}");
}

/// Starts with this token for this workspace, and reads on until these words are logged; the program runs then.
fn logs(bot_token: &str, workspace: &str, words: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let fake = runtime.block_on(FakeSlack::start()).unwrap();
    let home = tempfile::tempdir().unwrap();
    let secrets = home.path().join("slack.json");
    write_secrets(&secrets, &json!({"bot_token": bot_token, "signing_secret": "hush"}).to_string(), 0o600);
    let mut command = kari();
    command.args(["serve", "--port=0", "--slack-workspaces", workspace, "--slack-secrets"]).arg(&secrets);
    command.arg("--slack-api-url").arg(fake.api_url()).arg("--data-dir").arg(home.path().join("kari"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut logged = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
    let line = logged.find(|line| line.contains(words));
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let ready = said.find(|line| line.contains("Kari is ready"));
    child.kill().unwrap();
    child.wait().unwrap();
    let line = line.unwrap_or_else(|| panic!("nobody says: {words}"));
    assert!(ready.is_some() && !line.contains("xoxb"), "{line}");
}

#[test]
fn a_bot_token_that_slack_refuses_is_said_at_the_start_and_keeps_nothing_from_starting() {
    logs("xoxb-wrong", TEAM, "slack refuses the bot token (invalid_auth)");
}

#[test]
fn a_bot_token_of_another_workspace_is_said_at_the_start() {
    logs(TOKEN, "T0000000002", "slack's bot token is of the workspace T0000000001");
}
