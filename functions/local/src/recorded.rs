//! How far the records go, noted beside the database: one that was set back by itself, to a copy of before or by the
//! loss of its log, is noticed at the next start; a whole directory that was is not. An empty one is refused altogether
//! (`first_start`).

use std::path::Path;

use anyhow::Context;
use kari_application::ports::Unavailable;
use kari_embedded::store::SqliteStore;

use crate::data_dir::{self, Files};

const FILE: &str = "recorded";

/// Notes how far the records go now. Of the space that is kept for ends it takes nothing.
///
/// # Errors
/// If the store cannot be read, or the directory not be written.
pub fn note(store: &SqliteStore, files: &Files) -> anyhow::Result<()> {
    let now = store.last_recorded()?;
    if noted(files.path()) != Some(now) {
        let written = data_dir::replace(&files.path().join(FILE), now.to_string().as_bytes());
        written.context("how far the records go cannot be noted")?;
    }
    Ok(())
}

/// How many of the events that were recorded here are not in this database any more.
///
/// # Errors
/// If the store cannot be read.
pub fn missing(store: &SqliteStore, data_dir: &Path) -> Result<u64, Unavailable> {
    Ok(noted(data_dir).unwrap_or(0).saturating_sub(store.last_recorded()?))
}

/// NB. It starts all the same: what is known must end.
pub(crate) fn warn_of_missing(events: u64) {
    tracing::warn!(
        events,
        "events that were recorded here are missing from the database, as after going back to a backup or losing \
         kari.db-wal: access given out since then is looked for now, and kari does not end it, so remove in identity \
         center what administrators are told of"
    );
}

fn noted(data_dir: &Path) -> Option<u64> {
    std::fs::read_to_string(data_dir.join(FILE)).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use kari_application::edit_policies::{Editor, change_settings};
    use kari_domain::audit::{Actor, Cause, SystemReason};
    use kari_domain::settings::Settings;
    use kari_domain::time::Minutes;

    use super::*;
    use crate::app::App;
    use crate::cli::{Cli, Command};
    use crate::data_dir::DataDir;

    async fn start(directory: &DataDir) -> App {
        let Command::Run(options) = Cli::parse_from(["kari"]).into_command() else { panic!("not run") };
        App::open(&options, directory).await.unwrap()
    }

    async fn record(app: &App) {
        let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
        let version = app.kari.policies.current().await.unwrap().policy_set().settings_version;
        let settings = Settings { expiry_warning_minutes: Minutes(1), ..Settings::default() };
        change_settings(&app.kari, &editor, settings, version).await.unwrap();
    }

    #[tokio::test]
    async fn a_database_that_was_set_back_is_noticed_at_the_next_start_until_it_is_noted_anew() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDir::open(parent.path()).unwrap();
        let app = start(&directory).await;
        assert_eq!(app.missing_events, 0, "nothing was noted yet");
        note(&app.store, directory.files()).unwrap();
        drop(app);
        let backup = std::fs::read(directory.database()).unwrap();

        let app = start(&directory).await;
        record(&app).await;
        note(&app.store, directory.files()).unwrap();
        drop(app);
        assert_eq!(start(&directory).await.missing_events, 0);

        std::fs::write(directory.database(), backup).unwrap();
        let app = start(&directory).await;
        assert!(app.missing_events > 0);
        note(&app.store, directory.files()).unwrap();
        drop(app);
        assert_eq!(start(&directory).await.missing_events, 0);
    }

    #[tokio::test]
    async fn a_note_that_says_nothing_that_can_be_used_is_passed_over() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDir::open(parent.path()).unwrap();
        std::fs::write(parent.path().join(FILE), "-1 or so").unwrap();
        let app = start(&directory).await;
        assert_eq!(app.missing_events, 0);
        note(&app.store, directory.files()).unwrap();
        assert_eq!(noted(parent.path()), Some(app.store.last_recorded().unwrap()));
    }
}
