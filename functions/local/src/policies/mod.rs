//! `kari policies`: policies and settings that are kept in a file, compared with those in force and made so.

mod show;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use kari_application::apply_policies::{self, Interrupted, Plan};
use kari_application::edit_policies::{Editor, policies_to_edit};
use kari_application::{Error, Kari};
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_embedded::organization;

use crate::cli::{ApplyOptions, Place, PlanOptions};
use crate::first_start::told;
use crate::{aws, place};
use show::Shown;

/// What whoever automates it knows changes by.
const CHANGES: u8 = 2;

/// Shows what would change. The exit code says whether anything would.
///
/// # Errors
/// If the file has mistakes, or Kari cannot be reached.
pub fn plan(options: &PlanOptions) -> anyhow::Result<ExitCode> {
    place::run(async {
        let kari = place::open(&options.place).await?;
        let plan = compare(&kari, options).await?;
        if plan.steps.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        println!("\nTo make exactly these changes: {}", command(options, plan.version));
        Ok(ExitCode::from(CHANGES))
    })
}

/// The command that changes what was shown, for a shell.
fn command(PlanOptions { file, place }: &PlanOptions, version: u64) -> String {
    let (flag, at) = match &place.deployment {
        Some(deployment) => ("--deployment", deployment),
        None => ("--data-dir", &place.data.data_dir),
    };
    format!("kari policies apply {} {flag} {} --at {version}", quoted(file), quoted(at))
}

/// In quotation marks where a shell would take it for something else.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "-_./+,:=@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Shows what changes, and changes it.
///
/// # Errors
/// If the file has mistakes, Kari cannot be reached, or somebody else edits policies meanwhile.
pub fn apply(options: &ApplyOptions) -> anyhow::Result<ExitCode> {
    place::run(async {
        let kari = place::open(&options.plan.place).await?;
        policies_to_edit(&kari).await?;
        let plan = compare(&kari, &options.plan).await?;
        if let Some(at) = options.at.filter(|at| *at != plan.version) {
            bail!(
                "nothing was changed: somebody edited policies since version {at}, they are at version {} now; \
                 look at the changes again with `kari policies plan`",
                plan.version
            );
        }
        if plan.steps.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        let operator = operator(&options.plan.place).await;
        apply_policies::apply(&kari, &operator, &plan).await.map_err(interrupted)?;
        println!("\nDone.");
        Ok(ExitCode::SUCCESS)
    })
}

/// Whoever works at the command line: on AWS, by the name that it knows them by. Where it does not say, what they
/// do is recorded without a name: access must end also when STS is out of reach.
pub(crate) async fn operator(place: &Place) -> Editor {
    let nameless = Actor::System { reason: SystemReason::Operator };
    let actor = match &place.deployment {
        None => nameless,
        Some(file) => match aws::caller(file).await {
            Ok(label) => Actor::Operator { label },
            Err(error) => {
                eprintln!("kari: it is recorded without your name, which AWS does not say: {error:#}");
                nameless
            }
        },
    };
    Editor { actor, cause: Cause::Operator }
}

/// Works out the changes, and shows them.
async fn compare(kari: &Kari, options: &PlanOptions) -> anyhow::Result<Plan> {
    let name = options.file.display().to_string();
    let text = std::fs::read_to_string(&options.file)
        .with_context(|| format!("{name} cannot be read; check its name and permissions"))?;
    let directory = place::directory(kari).await?;
    let policies = kari.policies.current().await?;
    let current = policies.policy_set();
    let wanted = organization::policies(&name, &text, &directory, &current.settings)?;
    let plan = apply_policies::plan(current, &wanted);
    print!("{}", Shown { plan: &plan, directory: &directory });
    Ok(plan)
}

fn interrupted(Interrupted { done, all, why }: Interrupted) -> anyhow::Error {
    let progress = format!("{done} of {all} changes were made; look at the rest with `kari policies plan`");
    let why = match why {
        Error::StaleVersion { .. } => anyhow!("somebody else edited policies meanwhile"),
        other => told(other),
    };
    why.context(progress)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::cli::Data;

    #[test]
    fn the_command_that_is_shown_can_be_run() {
        let options = |file: &str, data_dir: &str, deployment: Option<&str>| PlanOptions {
            file: file.into(),
            place: Place {
                data: Data { data_dir: data_dir.into() },
                deployment: deployment.map(PathBuf::from),
            },
        };
        let shown = command(&options("b9.toml", "/tmp/kari", None), 18);
        assert_eq!(shown, "kari policies apply b9.toml --data-dir /tmp/kari --at 18");
        let shown = command(&options("it's new.toml", ".data", Some("infra/kari.deployment")), 2);
        let expected = r"kari policies apply 'it'\''s new.toml' --deployment infra/kari.deployment --at 2";
        assert_eq!(shown, expected);
    }
}
