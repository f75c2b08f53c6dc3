//! The first start: the organization's policies and settings become Kari's. After that they are
//! edited in the portal, and the file's are not looked at any more.

use std::path::Path;

use anyhow::{Context, bail};
use kari_application::edit_policies::{Editable, Editor, change_settings, create_policy};
use kari_application::{Error, Kari};
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::policy::{PolicySet, Versioned};

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
