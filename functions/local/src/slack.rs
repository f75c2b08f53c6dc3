//! Slack on one machine: the same handlers and worker as on AWS. Its secrets come from a file that nobody else can
//! read.

use std::future::ready;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use async_trait::async_trait;
use axum::Router;
use kari_application::Kari;
use kari_application::ports::Unavailable;
use kari_embedded::clock::SystemClock;
use kari_slack::SecretsInUse;
use kari_slack::delivery::Delivery;
use kari_slack_function::{HandOver, Job, SetUp, SlackApp, router, work};

use crate::cli::SlackOptions;
use crate::issuer::Origin;
use crate::owner_only;
use crate::under_way::UnderWay;

/// How the ids of workspaces begin; those of organizations begin otherwise.
const WORKSPACE: char = 'T';

/// Slack as it is set up; nothing where it is not.
///
/// # Errors
/// If the secrets cannot be used.
pub async fn set_up(options: &SlackOptions) -> anyhow::Result<Option<SetUp>> {
    let Some(file) = &options.slack_secrets else { return Ok(None) };
    let workspaces = options.slack_workspaces.iter().cloned().collect();
    Ok(Some(SetUp::new(secrets(file).await?, workspaces, options.slack_api_url.as_deref())?))
}

/// Tries out the bot's token beside everything else, and says what is wrong with it. NB. Nothing waits for it: access
/// ends whether or not Slack can be reached.
pub fn try_out(set_up: &SetUp) {
    let (slack, workspaces) = (set_up.slack.clone(), set_up.workspaces.clone());
    tokio::spawn(async move {
        match slack.bot().await {
            Ok(bot) if bot.team_id.starts_with(WORKSPACE) && !workspaces.contains(&bot.team_id) => {
                tracing::error!(
                    "slack's bot token is of the workspace {}, which --slack-workspaces does not name: nobody of it is \
                     served",
                    bot.team_id
                );
            }
            Ok(_) => {}
            Err(error) => {
                if let Some(code) = error.against_the_app() {
                    tracing::error!(
                        "slack refuses the bot token ({code}): put the one of \"OAuth & Permissions\" into the file \
                         of --slack-secrets"
                    );
                } else {
                    tracing::warn!(%error, "the bot token of slack could not be tried out");
                }
            }
        }
    });
}

/// What Slack calls. What it commands is done in tasks of their own.
pub fn routes(
    set_up: SetUp,
    delivery: Arc<Delivery>,
    kari: &Kari,
    origin: &Origin,
    under_way: &UnderWay,
) -> Router {
    // NB. Slack signs by the real time, also where Kari's own is put forward.
    let clock = Arc::new(SystemClock::default());
    let hand_over = Arc::new(InATask(under_way.clone()));
    router(SlackApp::new(kari.clone(), set_up, delivery, clock, origin.as_str(), hand_over))
}

/// Slack's secrets, from a file that only its owner can read.
///
/// # Errors
/// If others can read it, or it is not what it has to be.
async fn secrets(file: &Path) -> anyhow::Result<SecretsInUse> {
    let there = file.to_owned();
    let read = move || {
        // NB. Whoever has the token speaks for Kari; whoever has the signing secret commands it.
        let text = owner_only::read(&there, "slack's secrets");
        ready(text.map_err(|error| Unavailable::new("the file with slack's secrets", error)))
    };
    SecretsInUse::of(read).await.with_context(|| format!("{} cannot be used", file.display()))
}

/// Does what was handed over beside everything else. A stop waits for it. What dies with the process is not done:
/// whoever pressed something presses it again.
struct InATask(UnderWay);

#[async_trait]
impl HandOver for InATask {
    async fn hand_over(&self, app: &SlackApp, job: Job) -> Result<(), Unavailable> {
        let app = app.clone();
        // Nothing is repeated here, so that nothing is left unfinished.
        self.0.spawn(async move {
            work(&app, &job).await.ok();
        });
        Ok(())
    }

    fn repeats(&self) -> bool {
        false
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

    async fn read(text: &str, mode: u32) -> Result<SecretsInUse, String> {
        let home = file(text, mode);
        secrets(&home.path().join("slack.json")).await.map_err(|error| format!("{error:#}"))
    }

    const GOOD: &str = r#"{"bot_token": "xoxb-1", "signing_secret": "s"}"#;

    #[tokio::test]
    async fn secrets_come_from_a_file_that_only_its_owner_reads() {
        for mode in [0o600, 0o400] {
            assert!(read(GOOD, mode).await.is_ok(), "{mode:o}");
        }
        for mode in [0o644, 0o640, 0o604, 0o660] {
            assert!(read(GOOD, mode).await.unwrap_err().contains("chmod 600"), "{mode:o}");
        }
    }

    #[tokio::test]
    async fn what_is_wrong_with_the_file_is_said_without_its_text() {
        let error = read(r#"{"bot_token": "xoxb-secret"}"#, 0o600).await.unwrap_err();
        assert!(error.contains("signing_secret") && !error.contains("xoxb-secret"), "{error}");
    }
}
