//! `kari policies` beside a running Kari of this machine.

use std::path::{Path, PathBuf};
use std::process::Child;

use crate::said::said;
use crate::support::{client, kari, start, token};

const SAMPLE: &str = include_str!("../../sample-organization.toml");

/// A running Kari with the sample organization, and a file beside it.
struct Town {
    data: tempfile::TempDir,
    file: PathBuf,
    origin: String,
    kari: Child,
}

impl Drop for Town {
    fn drop(&mut self) {
        self.kari.kill().ok();
        self.kari.wait().ok();
    }
}

impl Town {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("policies.toml");
        let (kari, origin) = start(&["--port", "0"], &data.path().join("data"));
        Self { data, file, origin, kari }
    }

    fn data_dir(&self) -> PathBuf {
        self.data.path().join("data")
    }

    fn policies(&self, what: &str, text: &str, more: &[&str]) -> (i32, String) {
        std::fs::write(&self.file, text).unwrap();
        let mut command = kari();
        command.args(["policies", what]).arg(&self.file).args(more).arg("--data-dir").arg(self.data_dir());
        said(command)
    }

    fn get(&self, path: &str) -> serde_json::Value {
        let token = token("hanako", &self.data_dir());
        let answer = client()
            .get(format!("{}/v1{path}", self.origin))
            .header("authorization", format!("Bearer {token}"));
        answer.call().unwrap().body_mut().read_json().unwrap()
    }
}

/// The sample with other policies: one changed, one gone, one new, and another setting.
fn changed() -> String {
    let text = SAMPLE.replace("id = \"security-reviews\"", "id = \"security-looks\"");
    let text = text.replace(
        "requirements = [{ groups = [\"approvers\"] }]",
        "requirements = [{ groups = [\"approvers\"], quorum = 2 }]",
    );
    let text = text.replace("units = [\"staging\", \"sandbox\"]", "units = [\"staging\"]");
    text.replace("expiry_warning = \"15m\"", "expiry_warning = \"30m\"")
}

#[test]
fn what_is_in_force_is_compared_with_a_file_field_by_field_and_made_so() {
    let town = Town::new();
    let (code, text) = town.policies("plan", SAMPLE, &[]);
    assert_eq!(
        (code, text.lines().last()),
        (0, Some("nothing to change; 18 policies stay unchanged; version 18")),
        "{text}"
    );

    let (code, text) = town.policies("plan", &changed(), &[]);
    assert_eq!(code, 2, "{text}");
    insta::assert_snapshot!(text.replace(&town.data.path().display().to_string(), "HOME"));
    let (code, again) = town.policies("plan", &changed(), &[]);
    assert_eq!((code, &again), (2, &text), "planning changes nothing");

    let (code, text) = town.policies("apply", &changed(), &["--at", "17"]);
    assert!(code == 1 && text.contains("nothing was changed") && text.contains("version 18"), "{text}");
    let (code, text) = town.policies("apply", &changed(), &["--at", "18"]);
    assert_eq!((code, text.lines().last()), (0, Some("Done.")), "{text}");
    let (code, text) = town.policies("plan", &changed(), &[]);
    assert!(code == 0 && text.contains("version 23"), "{text}");
    let (code, text) = town.policies("apply", &changed(), &[]);
    assert!(code == 0 && !text.contains("Done"), "{text}");

    // The running one has it at once, and it is recorded who did it.
    assert_eq!(town.get("/settings")["settings"]["expiry_warning_minutes"], 30);
    let recorded = town.get("/audit?kind=policy-deleted");
    assert_eq!(recorded["items"][0]["actor"]["reason"], "operator", "{recorded}");
    let mut verify = kari();
    verify.args(["audit", "verify", "--data-dir"]).arg(town.data_dir());
    assert_eq!(said(verify).0, 0);
}

#[test]
fn every_mistake_is_told_with_its_line_and_changes_nothing() {
    let town = Town::new();
    let wrong = SAMPLE.replace("groups = [\"on-call\"]", "groups = [\"on-cal\"]");
    for what in ["plan", "apply"] {
        let (code, text) = town.policies(what, &wrong, &[]);
        let line = 1 + wrong.lines().position(|line| line == "groups = [\"on-cal\"]").unwrap();
        let told = format!("policies.toml:{line}: the directory has no group `on-cal`; correct the name");
        assert!(code == 1 && text.contains(&told), "{text}");
        assert_eq!(text.matches("on-cal`").count(), 2, "{text}");
    }
    assert_eq!(town.policies("plan", SAMPLE, &[]).0, 0);
}

fn told(arguments: &[&str], data_dir: &Path) -> (i32, String) {
    let mut command = kari();
    command.args(arguments).arg("--data-dir").arg(data_dir);
    said(command)
}

#[test]
fn where_no_kari_ever_ran_there_is_nothing_to_compare_with_and_nothing_is_made() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("data");
    let (code, text) = told(&["policies", "plan", "nothing.toml"], &data);
    assert!(code == 1 && text.contains("no kari has run with"), "{text}");
    assert!(!data.exists());
}

#[test]
fn what_the_command_line_does_not_understand_is_an_error_and_no_change() {
    let (code, text) = said({
        let mut command = kari();
        command.args(["policies", "plan"]);
        command
    });
    assert!(code == 1 && text.contains("Usage"), "{text}");
}
