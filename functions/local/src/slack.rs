//! Slack on one machine: the same handlers and worker as on AWS. Its secrets come from a file that nobody else can
//! read.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use async_trait::async_trait;
use axum::Router;
use kari_application::Kari;
use kari_application::ports::Unavailable;
use kari_embedded::clock::SystemClock;
use kari_slack::signature::SigningKey;
use kari_slack::{Secrets, Slack};
use kari_slack_function::{HandOver, Job, Lately, SlackApp, router, work};

use crate::cli::SlackOptions;
use crate::issuer::Origin;
use crate::owner_only;

/// What Slack calls; nothing where Slack is not set up.
///
/// # Errors
/// If the secrets cannot be used.
pub fn routes(options: &SlackOptions, kari: &Kari, origin: &Origin) -> anyhow::Result<Router> {
    let Some(file) = &options.slack_secrets else { return Ok(Router::new()) };
    let secrets = secrets(file)?;
    let key = SigningKey::new(&secrets.signing_secret).context("the signing secret of slack is empty")?;
    Ok(router(SlackApp {
        kari: kari.clone(),
        slack: Slack::new(secrets.bot_token, options.slack_api_url.as_deref())?,
        key,
        workspaces: options.slack_workspaces.iter().cloned().collect(),
        // NB. Slack signs by the real time, also where Kari's own is put forward.
        clock: Arc::new(SystemClock::default()),
        portal_url: origin.as_str().trim_end_matches('/').to_owned(),
        hand_over: Arc::new(InATask),
        lately: Lately::default(),
    }))
}

/// Slack's secrets, from a file that only its owner can read.
///
/// # Errors
/// If others can read it, or it is not what it has to be.
pub fn secrets(file: &Path) -> anyhow::Result<Secrets> {
    // NB. Whoever has the token speaks for Kari; whoever has the signing secret commands it.
    let text = owner_only::read(file, "slack's secrets")?;
    Secrets::parse(&text).with_context(|| format!("{} cannot be used", file.display()))
}

/// Does what was handed over beside everything else. What a stop cuts off is not done: whoever pressed something
/// presses it again.
struct InATask;

#[async_trait]
impl HandOver for InATask {
    async fn hand_over(&self, app: &SlackApp, job: Job) -> Result<(), Unavailable> {
        let app = app.clone();
        tokio::spawn(async move { work(&app, &job).await });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn file(text: &str, mode: u32) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("slack.json");
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        home
    }

    fn read(text: &str, mode: u32) -> Result<Secrets, String> {
        let home = file(text, mode);
        secrets(&home.path().join("slack.json")).map_err(|error| format!("{error:#}"))
    }

    const GOOD: &str = r#"{"bot_token": "xoxb-1", "signing_secret": "s"}"#;

    #[test]
    fn secrets_come_from_a_file_that_only_its_owner_reads() {
        assert_eq!(read(GOOD, 0o600).unwrap().bot_token, "xoxb-1");
        assert!(read(GOOD, 0o400).is_ok());
        for mode in [0o644, 0o640, 0o604, 0o660] {
            assert!(read(GOOD, mode).unwrap_err().contains("chmod 600"), "{mode:o}");
        }
    }

    #[test]
    fn what_is_wrong_with_the_file_is_said_without_its_text() {
        let error = read(r#"{"bot_token": "xoxb-secret"}"#, 0o600).unwrap_err();
        assert!(error.contains("signing_secret") && !error.contains("xoxb-secret"), "{error}");
    }
}
