//! The commands of those who operate a Kari: here or on AWS, by the same code.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Data;

/// Which Kari a command is about: the one of a data directory on this machine, or a deployment on AWS.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Place {
    #[command(flatten)]
    pub data: Data,
    /// A deployment on AWS, by the file that "make deploy" wrote about it (infra/STACK.deployment)
    ///
    /// Credentials are found as the AWS CLI finds them: profiles, environment variables and the like.
    #[arg(long, value_name = "FILE", conflicts_with = "data_dir")]
    pub deployment: Option<PathBuf>,
}

/// What to do with policies that are kept in a file.
#[derive(Debug, Subcommand)]
pub enum PoliciesCommand {
    /// Show what would change so that Kari's policies and settings are those of a file
    ///
    /// The file has the format of the organization file, which functions/local/sample-organization.toml
    /// explains: [[eligibility]], [[approver]], [[guardrail]] and [settings]. Whatever they name is looked up
    /// in the directory that Kari reads, by name or id; what else the file says is not looked at. Policies
    /// that the file does not have are deleted; settings that it does not give stay as they are.
    ///
    /// Exit code: 0 there is nothing to change, 2 there is, 1 something is wrong.
    Plan(PlanOptions),
    /// Make Kari's policies and settings those of a file
    ///
    /// It shows the changes as "plan" does and makes them, up to 49 of usual size all at once, unless somebody
    /// else edits policies meanwhile. Each is recorded in the audit trail; for a deployment with the ARN that
    /// your credentials are of.
    ///
    /// Exit code: 0 they are those of the file now, 1 something is wrong.
    Apply(ApplyOptions),
}

/// How to drain.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct DrainOptions {
    #[command(flatten)]
    pub place: Place,
    /// How long to wait until everything is gone
    #[arg(long, value_name = "MINUTES", default_value_t = 30)]
    pub timeout: u32,
    /// Accept requests again; what was ended stays ended
    #[arg(long)]
    pub undo: bool,
}

/// Which deployment to examine.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct DoctorOptions {
    /// The deployment, by the file that "make deploy" wrote about it (infra/STACK.deployment)
    #[arg(long, value_name = "FILE")]
    pub deployment: PathBuf,
}

/// What to rehearse with.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct RehearseOptions {
    /// The deployment, by the file that "make deploy" wrote about it (infra/STACK.deployment)
    #[arg(long, value_name = "FILE")]
    pub deployment: PathBuf,
    /// Who is given access: a user name or id
    #[arg(long, value_name = "USER")]
    pub user: String,
    /// To which account: its name or id
    #[arg(long, value_name = "ACCOUNT")]
    pub account: String,
    /// With which permission set: its name or ARN. Take a harmless one
    #[arg(long, value_name = "PERMISSION SET")]
    pub permission_set: String,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
}

/// Which policies.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct PlanOptions {
    /// The file with the policies
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub place: Place,
}

/// Which policies, and on top of what.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ApplyOptions {
    #[command(flatten)]
    pub plan: PlanOptions,
    /// Only if nobody has edited policies since this version, which "plan" prints
    #[arg(long, value_name = "VERSION")]
    pub at: Option<u64>,
}
