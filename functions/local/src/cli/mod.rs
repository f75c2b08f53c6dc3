//! The command line.

mod mail;
mod operate;
mod real;
mod slack;
mod sns;

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use kari_domain::audit::{Checkpoint, MalformedCheckpoint};

use crate::issuer::{MalformedOrigin, Origin};

pub use mail::MailOptions;
pub use operate::{
    ApplyOptions, DoctorOptions, DrainOptions, Place, PlanOptions, PoliciesCommand, RehearseOptions,
};
pub use real::{Attribute, MalformedUserClaim, Real, UserClaim};
pub use slack::SlackOptions;
pub use sns::{MalformedTopicArn, SnsOptions, TopicArn};

/// The port unless told otherwise.
const PORT: u16 = 8080;

/// Temporary, approved, audited AWS access: everything on this machine.
#[derive(Debug, Parser)]
#[command(name = "kari", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    options: Options,
}

impl Cli {
    /// What to do; `kari` alone means `kari run`.
    pub fn into_command(self) -> Command {
        self.command.unwrap_or(Command::Run(self.options))
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start Kari and keep it alive (the default)
    Run(Options),
    /// Start Kari without a supervisor
    Serve(Worker),
    /// Print an access token for scripts (simulated Identity Center only)
    Token(TokenOptions),
    /// The audit trail
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Policies and settings as code
    #[command(subcommand)]
    Policies(PoliciesCommand),
    /// Refuse new requests, end all grants, and wait until their assignments were seen gone
    ///
    /// Requests that were approved and have not begun are over at once. Requests that wait for a review stay:
    /// nobody can approve them meanwhile, and they lapse by themselves. Assignments that Kari found when it
    /// came are none of its own, and stay.
    ///
    /// Kari itself removes the assignments: it has to run meanwhile. It goes on refusing requests until
    /// "kari drain --undo". Everything is recorded in the audit trail.
    ///
    /// Exit code: 0 everything was seen gone, 1 something is left or wrong.
    Drain(DrainOptions),
    /// Examine a deployment on AWS, and say of each check whether it is well and what to do
    ///
    /// It looks at the table and its protection, Identity Center, its Region, identity store and encryption key,
    /// what the functions' roles may do to assignments, how many functions Lambda runs at once, the rights to
    /// read (those of your credentials), the groups of administrators, policies, quotas, and whether what is due
    /// is done. It changes nothing, and says of what it may not look at that it was not checked.
    ///
    /// Exit code: 0 there is no problem, though there may be warnings; 1 there is.
    Doctor(DoctorOptions),
    /// Make and remove one throwaway assignment in a real organization, and say how long each step takes
    ///
    /// It goes through the very code by which Kari gives access, past policies and records. It says what it
    /// is going to do and asks first, and refuses what the user has already, what Kari gives or took away lately,
    /// and accounts that Kari leaves out. It removes what it made, also if it is stopped with Ctrl-C; if that fails
    /// for ten minutes it says so, and you have to remove it.
    ///
    /// Exit code: 0 it was seen there and seen gone, 1 otherwise.
    Rehearse(RehearseOptions),
}

/// What to do with the audit trail.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check that no recorded event is altered or missing
    ///
    /// It finds altered, moved and missing events, searched columns and current states that are not what
    /// the events say, policies in force that were never recorded, and a database without its guards.
    /// Somebody who can write to the whole database can rewrite all of it so that it fits. Therefore it
    /// prints a checkpoint: keep it where such a person cannot write, and give it back with --expect.
    /// What was recorded after the last checkpoint that you keep is not covered by it.
    Verify(VerifyOptions),
}

/// What to verify.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct VerifyOptions {
    #[command(flatten)]
    pub data: Data,
    /// A checkpoint printed earlier: check that nothing recorded until then was altered or removed since
    #[arg(long, value_name = "CHECKPOINT", value_parser = checkpoint)]
    pub expect: Option<Checkpoint>,
}

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Data {
    /// Where Kari keeps its data
    #[arg(long, value_name = "DIRECTORY", default_value = ".data")]
    pub data_dir: PathBuf,
}

/// How Kari runs.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Options {
    /// The port to listen on; 0 takes a free one
    #[arg(long, default_value_t = PORT)]
    pub port: u16,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub bind: IpAddr,
    /// The address people use, if it is not the one listened on (for instance in a container)
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub origin: Option<Origin>,
    #[command(flatten)]
    pub data: Data,
    /// A file that describes the simulated organization; without it a sample is used
    #[arg(long, value_name = "FILE")]
    pub organization: Option<PathBuf>,
    /// Which Identity Center to use
    #[arg(long, value_enum, default_value_t = IdentityCenter::Simulated)]
    pub identity_center: IdentityCenter,
    /// Random seed of the simulated Identity Center; read at the first start only
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    pub real: Real,
    #[command(flatten)]
    pub slack: SlackOptions,
    #[command(flatten)]
    pub mail: MailOptions,
    #[command(flatten)]
    pub sns: SnsOptions,
}

/// Which Identity Center Kari works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityCenter {
    /// One within this program, to try everything out
    Simulated,
    /// That of your organization: access is given for real
    Aws,
}

/// How the worker runs.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct Worker {
    #[command(flatten)]
    pub options: Options,
    /// Stop when standard input ends, because the supervisor is gone
    #[arg(long, hide = true)]
    pub supervised: bool,
}

/// Whose token to print.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct TokenOptions {
    /// The user name of the person
    #[arg(long = "as", value_name = "USER")]
    pub user: String,
    #[command(flatten)]
    pub data: Data,
}

fn checkpoint(text: &str) -> Result<Checkpoint, MalformedCheckpoint> {
    text.parse()
}

fn origin(text: &str) -> Result<Origin, MalformedOrigin> {
    Origin::parse(text)
}

impl Options {
    /// The command line that starts a worker with these options on this port.
    pub fn worker_arguments(&self, port: u16) -> Vec<OsString> {
        let identity_center = match self.identity_center {
            IdentityCenter::Simulated => "simulated",
            IdentityCenter::Aws => "aws",
        };
        let mut arguments: Vec<OsString> = vec!["serve".into(), "--supervised".into()];
        let mut add = |flag: &str, value: OsString| arguments.extend([flag.into(), value]);
        add("--port", port.to_string().into());
        add("--bind", self.bind.to_string().into());
        add("--data-dir", self.data.data_dir.clone().into());
        add("--identity-center", identity_center.into());
        add("--seed", self.seed.to_string().into());
        if let Some(origin) = &self.origin {
            add("--origin", origin.as_str().into());
        }
        if let Some(organization) = &self.organization {
            add("--organization", organization.clone().into());
        }
        arguments.extend(self.real.arguments());
        arguments.extend(self.slack.arguments());
        arguments.extend(self.mail.arguments());
        arguments.extend(self.sns.arguments());
        arguments
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn options_of(arguments: &[&str]) -> Options {
        let cli = Cli::try_parse_from([&["kari"], arguments].concat()).unwrap();
        let Command::Run(options) = cli.into_command() else { panic!("not run") };
        options
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn kari_alone_runs_on_this_machine_only() {
        assert!(options_of(&[]).bind.is_loopback());
        assert_eq!(options_of(&[]), options_of(&["run"]));
        assert_eq!(options_of(&["--port", "0"]), options_of(&["run", "--port", "0"]));
    }

    #[test]
    fn a_real_identity_center_needs_to_be_told_who_is_who() {
        let missing = Cli::try_parse_from(["kari", "--identity-center", "aws"]).unwrap_err().to_string();
        for flag in ["--administrators", "--issuer", "--client-id", "--user-claim"] {
            assert!(missing.contains(flag), "{flag} {missing}");
        }
    }

    #[test]
    fn the_worker_gets_every_option_of_its_supervisor() {
        let given = options_of(&[
            "--port=0",
            "--bind=::1",
            "--data-dir=/d",
            "--organization=/o",
            "--seed=7",
            "--origin=https://k.example",
            "--identity-center=aws",
            "--instance=arn:aws:sso:::instance/ssoins-1",
            "--administrators=g-1,g-2",
            "--auditors=g-3",
            "--issuer=https://i.example",
            "--client-id=kari",
            "--user-claim=email=email",
            "--slack-secrets=/s",
            "--slack-workspaces=T1,T2",
            "--slack-api-url=http://127.0.0.1:1/api",
            "--mail-secrets=/m",
            "--sns-topic=arn:aws:sns:eu-central-1:111122223333:kari",
        ]);
        let arguments = [vec!["kari".into()], given.worker_arguments(9)].concat();
        let Command::Serve(worker) = Cli::try_parse_from(arguments).unwrap().into_command() else {
            panic!("not serve")
        };
        assert!(worker.supervised);
        assert_eq!(worker.options, Options { port: 9, ..given });
    }
}
