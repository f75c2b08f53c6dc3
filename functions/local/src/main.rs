//! Reads the command line and the environment, and hands over.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use clap::Parser;
use kari_local::cli::{AuditCommand, Cli, Command, PoliciesCommand};
use kari_local::log::Log;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return explain(&error),
    };
    let filter = EnvFilter::try_from_env("KARI_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,kari_local=info,kari_application=info"));
    let (log, _last_lines) = Log::on_standard_error();
    let of_subscriber = log.clone();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_writer(move || of_subscriber.clone())
        .with_ansi(io::stderr().is_terminal())
        .init();
    do_it(cli.into_command()).unwrap_or_else(|error| {
        log.say(&format!("kari: {error:#}"));
        ExitCode::FAILURE
    })
}

/// NB. Not clap's own exit code for what it does not understand: that is 2, which says to whoever automates
/// `kari policies plan` that there are changes.
fn explain(error: &clap::Error) -> ExitCode {
    error.print().ok();
    if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn do_it(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run(options) => kari_local::supervisor::run(&std::env::current_exe()?, &options),
        Command::Serve(worker) => kari_local::serve::run(&worker),
        Command::Token(options) => kari_local::token::print(&options),
        Command::Audit(AuditCommand::Verify(options)) => kari_local::audit::verify(&options),
        Command::Drain(options) => kari_local::drain::drain(&options),
        Command::Doctor(options) => kari_local::doctor::examine(&options),
        Command::Rehearse(options) => kari_local::rehearse::rehearse(&options),
        Command::Policies(PoliciesCommand::Plan(options)) => kari_local::policies::plan(&options),
        Command::Policies(PoliciesCommand::Apply(options)) => kari_local::policies::apply(&options),
    }
}
