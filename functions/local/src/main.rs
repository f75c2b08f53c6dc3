//! Reads the command line and the environment, and hands over.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use kari_local::cli::{AuditCommand, Cli, Command, PoliciesCommand};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return explain(&error),
    };
    let filter = EnvFilter::try_from_env("KARI_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,kari_local=info,kari_application=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_writer(|| Log)
        .with_ansi(io::stderr().is_terminal())
        .init();
    do_it(cli.into_command()).unwrap_or_else(|error| {
        writeln!(Log, "kari: {error:#}").ok();
        ExitCode::FAILURE
    })
}

/// NB. Not clap's own exit code for what it does not understand: that is 2, which says to whoever automates
/// `kari policies plan` that there are changes.
fn explain(error: &clap::Error) -> ExitCode {
    error.print().ok();
    if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The standard error output. NB. Nobody may be reading it, or its disk may be full; access must end all the
/// same, so that what cannot be written is lost, and nobody fails for it.
struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(bytes).ok();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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
