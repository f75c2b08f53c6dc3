//! How far the records go, noted beside the database: one that was set back by itself, to a copy of before or by the
//! loss of its log, is noticed at every start until what it lacks was looked for; a whole directory that was is not. An
//! empty one is refused altogether (`first_start`).

use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;
use kari_application::ports::Unavailable;
use kari_embedded::store::SqliteStore;

use crate::data_dir::{self, Files};

const FILE: &str = "recorded";
/// How many events are missing, as long as what they gave out was not looked for.
const LOST: &str = "lost";

/// Notes how far the records go now. Of the space that is kept for ends it takes nothing.
///
/// # Errors
/// If the store cannot be read, or the directory not be written.
pub fn note(store: &SqliteStore, files: &Files) -> anyhow::Result<()> {
    let last = store.last_recorded()?;
    if number(files.path(), FILE) != Some(last) {
        let written = data_dir::replace(&files.path().join(FILE), last.to_string().as_bytes());
        written.context("how far the records go cannot be noted")?;
    }
    Ok(())
}

/// How many of the events that were recorded here are missing: now, or at an earlier start after which what they gave
/// out was not looked for. NB. It marks that: new events soon go as far as those that are missing went. Where it cannot
/// be marked, Kari starts and looks all the same.
///
/// # Errors
/// If the store cannot be read.
pub fn notice_loss(store: &SqliteStore, files: &Files) -> Result<u64, Unavailable> {
    let now = number(files.path(), FILE).unwrap_or(0).saturating_sub(store.last_recorded()?);
    let before = marked(files.path());
    let events = now.max(before);
    if events > 0 {
        warn_of_missing(events);
    }
    if now > before
        && let Err(error) = files.replace(LOST, events.to_string().as_bytes())
    {
        tracing::warn!(
            %error,
            "that events are missing could not be marked; if kari ends before it has looked for the access that they \
             gave out, the next start may not look for it"
        );
    }
    Ok(events)
}

/// What missing events gave out was looked for.
///
/// # Errors
/// As [`note`].
pub fn forget_loss(store: &SqliteStore, files: &Files) -> anyhow::Result<()> {
    // Else the next start notices the same again.
    note(store, files)?;
    match std::fs::remove_file(files.path().join(LOST)) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).context("the mark that events are missing cannot be removed")
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// NB. It starts all the same: what is known must end.
fn warn_of_missing(events: u64) {
    tracing::warn!(
        events,
        "events that were recorded here are missing from the database, as after going back to a backup or losing \
         kari.db-wal: access given out since then is looked for now, and kari does not end it, so remove in identity \
         center what administrators are told of"
    );
}

/// NB. A mark that says nothing that can be used is one all the same.
fn marked(data_dir: &Path) -> u64 {
    if data_dir.join(LOST).exists() { number(data_dir, LOST).unwrap_or(0).max(1) } else { 0 }
}

fn number(data_dir: &Path, file: &str) -> Option<u64> {
    std::fs::read_to_string(data_dir.join(file)).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use clap::Parser;
    use kari_application::edit_policies::{Editor, change_settings};
    use kari_domain::audit::{Actor, Cause, SystemReason};
    use kari_domain::settings::Settings;
    use kari_domain::time::{Instant, Minutes};
    use kari_embedded::identity_center::World;

    use super::*;
    use crate::app::App;
    use crate::cli::{Cli, Command};
    use crate::data_dir::DataDir;
    use crate::loops::search_drift_after_loss;

    /// A search takes a moment there.
    const ORGANIZATION: &str = r#"
        [[account]]
        id = "111122223333"
        name = "ledger"

        [[user]]
        name = "alice"
    "#;

    async fn start(directory: &DataDir) -> App {
        let file = directory.path().join("organization.toml");
        std::fs::write(&file, ORGANIZATION).unwrap();
        let arguments = ["kari", "--organization", file.to_str().unwrap()];
        let Command::Run(options) = Cli::parse_from(arguments).into_command() else { panic!("not run") };
        App::open(&options, directory).await.unwrap()
    }

    async fn record(app: &App, minutes: u32) {
        let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
        let version = app.kari.policies.current().await.unwrap().policy_set().settings_version;
        let settings = Settings { expiry_warning_minutes: Minutes(minutes), ..Settings::default() };
        change_settings(&app.kari, &editor, settings, version).await.unwrap();
    }

    /// Searches after something befell Identity Center.
    async fn search(app: &App, directory: &DataDir, befall: impl FnOnce(&mut World, Instant)) {
        app.simulated.as_ref().unwrap().identity_center.with(befall).unwrap();
        search_drift_after_loss(&app.kari, &app.store, directory.files()).await;
    }

    /// Sets the database back by an event. How far it went before.
    async fn set_back(directory: &DataDir) -> u64 {
        let app = start(directory).await;
        assert_eq!(app.missing_events, 0, "nothing was noted yet");
        record(&app, 1).await;
        note(&app.store, directory.files()).unwrap();
        drop(app);
        let backup = std::fs::read(directory.database()).unwrap();

        let app = start(directory).await;
        record(&app, 2).await;
        note(&app.store, directory.files()).unwrap();
        let last = app.store.last_recorded().unwrap();
        drop(app);
        assert_eq!(start(directory).await.missing_events, 0);

        std::fs::write(directory.database(), backup).unwrap();
        last
    }

    #[tokio::test]
    async fn a_database_that_was_set_back_is_noticed_at_every_start_until_a_search_got_through() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDir::open(parent.path()).unwrap();
        let last = set_back(&directory).await;
        let app = start(&directory).await;
        assert!(app.missing_events > 0);
        note(&app.store, directory.files()).unwrap();
        for minutes in 2..6 {
            record(&app, minutes).await;
        }
        note(&app.store, directory.files()).unwrap();
        assert!(app.store.last_recorded().unwrap() > last, "what is new goes further than what is missing");
        drop(app);

        let app = start(&directory).await;
        assert!(app.missing_events > 0, "no search was begun");
        search(&app, &directory, |world, now| world.identity_center_down_for(now, TimeDelta::hours(1))).await;
        drop(app);

        let app = start(&directory).await;
        assert!(app.missing_events > 0, "the search did not get through");
        search(&app, &directory, |world, _| world.clear_faults()).await;
        drop(app);
        assert_eq!(start(&directory).await.missing_events, 0);
    }

    #[tokio::test]
    async fn a_loss_that_cannot_be_marked_is_looked_into_all_the_same() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDir::open(parent.path()).unwrap();
        set_back(&directory).await;
        // Nothing can be written there.
        std::fs::create_dir(parent.path().join("lost.new")).unwrap();
        let app = start(&directory).await;
        assert!(app.missing_events > 0);
        assert!(!parent.path().join(LOST).exists());
        search(&app, &directory, |_, _| ()).await;
        drop(app);
        assert_eq!(start(&directory).await.missing_events, 0);
    }

    #[tokio::test]
    async fn a_mark_that_says_nothing_that_can_be_used_is_one_all_the_same() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDir::open(parent.path()).unwrap();
        std::fs::write(parent.path().join(LOST), "").unwrap();
        assert_eq!(start(&directory).await.missing_events, 1);
    }

    #[tokio::test]
    async fn a_note_that_says_nothing_that_can_be_used_is_passed_over() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDir::open(parent.path()).unwrap();
        std::fs::write(parent.path().join(FILE), "-1 or so").unwrap();
        let app = start(&directory).await;
        assert_eq!(app.missing_events, 0);
        note(&app.store, directory.files()).unwrap();
        assert_eq!(number(parent.path(), FILE), Some(app.store.last_recorded().unwrap()));
    }
}
