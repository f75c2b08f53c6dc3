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

use crate::data_dir::replace;

/// Says that everything was imported.
const MARK: &str = "policies-imported";

/// Imports the policies unless that was done before. A start that was cut short is completed by the
/// next one.
///
/// # Errors
/// If a policy is not accepted, or the store fails.
pub async fn import_policies(kari: &Kari, policies: &PolicySet, data_dir: &Path) -> anyhow::Result<()> {
    let mark = data_dir.join(MARK);
    if mark.exists() {
        warn_of_difference(kari, policies).await;
        return Ok(());
    }
    let actor = Actor::System { reason: SystemReason::Setup };
    let editor = Editor { actor, cause: Cause::Operator };
    create_all(kari, &editor, &policies.eligibility).await?;
    create_all(kari, &editor, &policies.guardrails).await?;
    create_all(kari, &editor, &policies.approvers).await?;
    let version = kari.policies.current().await?.policy_set().settings_version;
    change_settings(kari, &editor, policies.settings.clone(), version).await.map_err(told)?;
    replace(&mark, b"").context("the data directory cannot be written")
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
fn told(error: Error) -> anyhow::Error {
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

    #[tokio::test]
    async fn what_was_imported_says_the_same_as_the_file_until_either_is_edited() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDir::open(parent.path()).unwrap();
        let Command::Run(options) = Cli::parse_from(["kari"]).into_command() else { panic!("not run") };
        let app = App::open(&options, &directory).await.unwrap();
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
