//! Reads the command line and the environment, and hands over.

use std::process::ExitCode;

use clap::Parser;
use kari_local::cli::{AuditCommand, Cli, Command};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter =
        EnvFilter::try_from_env("KARI_LOG").unwrap_or_else(|_| EnvFilter::new("warn,kari_local=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .init();
    do_it(cli.into_command()).unwrap_or_else(|error| {
        eprintln!("kari: {error:#}");
        ExitCode::FAILURE
    })
}

fn do_it(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run(options) => kari_local::supervisor::run(&std::env::current_exe()?, &options),
        Command::Serve(worker) => kari_local::serve::run(&worker),
        Command::Token(options) => kari_local::token::print(&options),
        Command::Audit(AuditCommand::Verify(options)) => kari_local::audit::verify(&options),
    }
}
