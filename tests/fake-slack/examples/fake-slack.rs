//! The fake Slack as a program, for tests that are not written in Rust. It says where it is, and runs until it
//! is stopped.

use std::io::Write;

use clap::Parser;
use kari_fake_slack::FakeSlack;
use tokio::net::TcpListener;

/// A Slack for tests.
#[derive(Debug, Parser)]
struct Options {
    /// Where it listens; 0 takes a free port.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let fake = FakeSlack::on(TcpListener::bind(("127.0.0.1", options.port)).await?)?;
    writeln!(std::io::stdout(), "{}", fake.api_url())?;
    std::future::pending().await
}
