//! The first start: the organization's policies and settings become Kari's. After that they are
//! edited in the portal, and the file's are not looked at any more.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use kari_application::edit_policies::{Editable, Editor, change_settings, create_policy};
use kari_application::{Error, Kari};
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::ids::PolicyId;
use kari_domain::policy::{Policy, PolicySet, Versioned};
use kari_embedded::store::{Reserve, SqliteStore};

use crate::data_dir::{DataDirError, Files, database, has_instance};
use crate::world_file;

/// Says that everything was imported, and at which version the policy set was then.
const MARK: &str = "policies-imported";
/// What the mark of a Kari says that has not recorded anything yet.
const NOTHING: &str = "0";
/// What it says once something is recorded, whatever that is.
const SOMETHING: &str = "1";

/// Imports the policies, if there are any, unless that was done before. A start that was cut short is
/// completed by the next one.
///
/// # Errors
/// If a policy is not accepted, or the store fails.
pub async fn import_policies(
    kari: &Kari,
    store: &SqliteStore,
    policies: Option<&PolicySet>,
    files: &Files,
) -> anyhow::Result<()> {
    if files.path().join(MARK).exists() {
        if let Some(policies) = policies {
            warn_of_difference(kari, policies).await;
        }
        return correct_mark(store, files);
    }
    if let Some(policies) = policies {
        import(kari, policies).await?;
    }
    let version = kari.policies.current().await?.policy_set().version;
    write_mark(files, &version.to_string())?;
    correct_mark(store, files)
}

async fn import(kari: &Kari, policies: &PolicySet) -> anyhow::Result<()> {
    let actor = Actor::System { reason: SystemReason::Setup };
    let editor = Editor { actor, cause: Cause::Operator };
    create_all(kari, &editor, &policies.eligibility).await?;
    create_all(kari, &editor, &policies.guardrails).await?;
    create_all(kari, &editor, &policies.approvers).await?;
    let version = kari.policies.current().await?.policy_set().settings_version;
    change_settings(kari, &editor, policies.settings.clone(), version).await.map_err(told)?;
    Ok(())
}

/// Has the mark say that something is recorded, if that is so and it does not say it yet. NB. Until then a
/// lost database is not missed.
///
/// # Errors
/// If the store cannot be read, or the directory not be written.
pub fn correct_mark(store: &SqliteStore, files: &Files) -> anyhow::Result<()> {
    if says_nothing(files.path()) && store.extent()?.events > 0 {
        write_mark(files, SOMETHING)?;
    }
    Ok(())
}

fn write_mark(files: &Files, text: &str) -> anyhow::Result<()> {
    files.replace(MARK, text.as_bytes()).context("the data directory cannot be written")
}

/// Whether a Kari runs with this directory that has not recorded anything, as far as its mark knows.
pub fn says_nothing(data_dir: &Path) -> bool {
    std::fs::read_to_string(data_dir.join(MARK)).is_ok_and(|text| text.trim() == NOTHING)
}

/// Whether a Kari that recorded something ran with this directory, by what it left beside the database.
pub fn has_recorded(data_dir: &Path) -> bool {
    let ran = data_dir.join(MARK).exists() || has_instance(data_dir);
    (ran && !says_nothing(data_dir)) || world_file::has_access_of_ours(data_dir)
}

/// NB. A Kari that starts with an empty database in the place of its own knows nothing of the access it
/// gave out: that would stay for ever.
///
/// # Errors
/// [`DataDirError::RecordsGone`]; also if the database cannot be read.
pub fn refuse_lost_records(path: &Path, reserve: &Reserve) -> anyhow::Result<()> {
    if has_recorded(path) && !SqliteStore::holds_records_with(database(path), reserve)? {
        return Err(DataDirError::RecordsGone(path.to_owned()).into());
    }
    Ok(())
}

/// Whoever edits the file and starts again would otherwise wait for an effect in vain.
async fn warn_of_difference(kari: &Kari, file: &PolicySet) {
    let stored = kari.policies.current().await;
    let different = stored.as_ref().is_ok_and(|stored| !says_the_same(stored.policy_set(), file));
    if different {
        tracing::warn!(
            "the organization file's policies or settings are not the ones in force; they were taken over \
             at the first start only, and are edited in the portal"
        );
    }
}

/// Whether both have the same policies and settings, whatever their versions and order.
fn says_the_same(one: &PolicySet, other: &PolicySet) -> bool {
    fn policies<P: Policy + PartialEq>(all: &[Versioned<P>]) -> BTreeMap<&PolicyId, &P> {
        all.iter().map(|versioned| (versioned.policy.id(), &versioned.policy)).collect()
    }
    policies(&one.eligibility) == policies(&other.eligibility)
        && policies(&one.guardrails) == policies(&other.guardrails)
        && policies(&one.approvers) == policies(&other.approvers)
        && one.settings == other.settings
}

async fn create_all<P: Editable>(
    kari: &Kari,
    editor: &Editor,
    policies: &[Versioned<P>],
) -> anyhow::Result<()> {
    for Versioned { policy, .. } in policies {
        match create_policy(kari, editor, policy.clone()).await {
            Ok(_) | Err(Error::PolicyExists) => {}
            Err(error) => bail!("the policy {} cannot be imported: {}", policy.id(), told(error)),
        }
    }
    Ok(())
}

/// With every problem of a policy, which the error alone only counts.
pub(crate) fn told(error: Error) -> anyhow::Error {
    if let Error::BadPolicy(problems) = &error {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        return anyhow::anyhow!("{error}: {}", all.join("; "));
    }
    error.into()
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use kari_domain::time::Minutes;

    use super::*;
    use crate::app::App;
    use crate::cli::{Cli, Command};
    use crate::data_dir::DataDir;
    use crate::organization_file;

    async fn start(parent: &Path, arguments: &[&str]) -> anyhow::Result<App> {
        let directory = DataDir::open(parent).unwrap();
        let Command::Run(options) = Cli::parse_from([&["kari"], arguments].concat()).into_command() else {
            panic!("not run")
        };
        App::open(&options, &directory).await
    }

    fn files(directory: &Path) -> Vec<String> {
        let names = std::fs::read_dir(directory).unwrap().flatten();
        names.map(|entry| entry.file_name().into_string().unwrap()).collect()
    }

    #[tokio::test]
    async fn a_kari_that_lost_its_database_does_not_start_as_if_there_never_was_one() {
        for (what, lose) in [
            ("missing", Box::new(|file: &Path| std::fs::remove_file(file).unwrap()) as Box<dyn Fn(&Path)>),
            ("emptied", Box::new(|file: &Path| std::fs::write(file, "").unwrap())),
            (
                "of somebody else",
                Box::new(|file: &Path| {
                    std::fs::remove_file(file).unwrap();
                    drop(SqliteStore::open(file).unwrap());
                }),
            ),
        ] {
            let parent = tempfile::tempdir().unwrap();
            drop(start(parent.path(), &[]).await.unwrap());
            let database = parent.path().join("kari.db");
            let backup = std::fs::read(&database).unwrap();
            lose(&database);
            let before = files(parent.path());
            for _ in 0..2 {
                let refused = start(parent.path(), &[]).await.unwrap_err().to_string();
                assert!(refused.contains("backup") && refused.contains("--data-dir"), "{what}: {refused}");
            }
            assert_eq!(
                files(parent.path()).contains(&"kari.db".to_owned()),
                before.contains(&"kari.db".to_owned())
            );
            for left in ["kari.db-wal", "kari.db-shm"] {
                std::fs::remove_file(parent.path().join(left)).ok();
            }
            std::fs::write(&database, backup).unwrap();
            start(parent.path(), &[]).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_first_start_that_was_cut_short_is_completed_by_the_next_one() {
        let parent = tempfile::tempdir().unwrap();
        drop(start(parent.path(), &[]).await.unwrap());
        // As a kill leaves it before anything was recorded.
        std::fs::remove_file(parent.path().join(MARK)).unwrap();
        std::fs::remove_file(parent.path().join("kari.db")).unwrap();
        assert!(parent.path().join("simulated-identity-center.json").exists());
        start(parent.path(), &[]).await.unwrap();
    }

    #[tokio::test]
    async fn an_organization_without_policies_starts_again_until_it_has_recorded_something() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("organization.toml");
        std::fs::write(&file, "[[user]]\nname = \"ann\"\n").unwrap();
        let data = parent.path().join("data");
        let arguments = ["--organization", file.to_str().unwrap()];
        let app = start(&data, &arguments).await.unwrap();
        assert!(!SqliteStore::holds_records(data.join("kari.db")).unwrap());
        drop(app);
        let app = start(&data, &arguments).await.unwrap();
        let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
        let settings =
            kari_domain::settings::Settings { expiry_warning_minutes: Minutes(1), ..Default::default() };
        change_settings(&app.kari, &editor, settings, 0).await.unwrap();
        drop(app);
        drop(start(&data, &arguments).await.unwrap());
        std::fs::remove_file(data.join("kari.db")).unwrap();
        assert!(start(&data, &arguments).await.is_err());
    }

    #[tokio::test]
    async fn what_was_imported_says_the_same_as_the_file_until_either_is_edited() {
        let parent = tempfile::tempdir().unwrap();
        let app = start(parent.path(), &[]).await.unwrap();
        let file = organization_file::read(None).unwrap().policies;
        let stored = app.kari.policies.current().await.unwrap();
        assert!(says_the_same(stored.policy_set(), &file));

        let mut other = file.clone();
        other.approvers[0].policy.enabled = false;
        assert!(!says_the_same(stored.policy_set(), &other));
        let mut other = file.clone();
        other.guardrails.clear();
        assert!(!says_the_same(stored.policy_set(), &other));
        let mut other = file;
        other.settings.expiry_warning_minutes = Minutes(1);
        assert!(!says_the_same(stored.policy_set(), &other));
    }
}
