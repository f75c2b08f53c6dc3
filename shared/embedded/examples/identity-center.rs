//! Starts a simulated Identity Center by itself, for the local cloud:
//! `cargo run -p kari-embedded --example identity-center -- --port 0 --organization FILE`.
//! Says where it is in one line of JSON. It lives until it is stopped and forgets everything then.

use std::io::Write;
use std::net::Ipv4Addr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use chrono::TimeDelta;
use clap::{Parser, ValueEnum};
use kari_embedded::clock::SystemClock;
use kari_embedded::identity_center::http::{Front, Options};
use kari_embedded::identity_center::{FaultPlan, Instance, MillisRange, SimulatedIdentityCenter, World};
use kari_embedded::organization::Organization;
use serde_json::json;
use tokio::net::TcpListener;

/// A simulated Identity Center that speaks the wire protocols of AWS
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "they are flags of a command line")]
struct Arguments {
    /// The port on this machine; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The organization file
    #[arg(long)]
    organization: PathBuf,
    /// Decides every mishap
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// What goes wrong by itself
    #[arg(long, value_enum, default_value_t = Weather::Lifelike)]
    weather: Weather,
    /// How long accepted operations take, in milliseconds, instead of what the weather says
    #[arg(long)]
    latency_ms: Option<u32>,
    /// Whether Kari administers from the management account and not as a delegated administrator
    #[arg(long)]
    from_management: bool,
    /// At most so many entries on a page
    #[arg(long)]
    most_per_page: Option<NonZeroUsize>,
    /// Lists of organizations begin with an empty page
    #[arg(long)]
    empty_first_pages: bool,
    /// Accounts have the retired member Status as well
    #[arg(long)]
    account_status: bool,
    /// Accounts lack the member Paths, as they did before AWS had it
    #[arg(long)]
    no_account_paths: bool,
    /// How long every call is under way, in milliseconds
    #[arg(long, default_value_t = 0)]
    delay_ms: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Weather {
    /// Nothing goes wrong and nothing is limited
    Calm,
    /// Nothing goes wrong, and the limits of AWS hold
    Lifelike,
    /// Everything goes wrong now and then
    Stormy,
}

impl Arguments {
    fn plan(&self) -> FaultPlan {
        let plan = match self.weather {
            Weather::Calm => FaultPlan::calm(),
            Weather::Lifelike => FaultPlan::lifelike(),
            Weather::Stormy => FaultPlan::stormy(),
        };
        FaultPlan {
            latency: self.latency_ms.map_or(plan.latency, |latency| MillisRange::new(latency, latency)),
            delegated_administrator: !self.from_management,
            ..plan
        }
    }

    fn options(&self) -> Options {
        Options {
            most_per_page: self.most_per_page,
            empty_first_pages: self.empty_first_pages,
            account_status: self.account_status,
            no_account_paths: self.no_account_paths,
            key: None,
            delay: TimeDelta::milliseconds(self.delay_ms.into()),
        }
    }

    fn world(&self) -> anyhow::Result<World> {
        let file = self.organization.display().to_string();
        let text =
            std::fs::read_to_string(&self.organization).with_context(|| format!("cannot read {file}"))?;
        Ok(World::new(&Organization::parse(&file, &text)?.directory, self.seed, self.plan()))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let world = arguments.world()?;
    let Instance { instance_arn, identity_store_id, organization_id } = world.instance().clone();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await?;
    let ready = json!({
        "address": format!("http://{}", listener.local_addr()?),
        "instance_arn": instance_arn,
        "identity_store_id": identity_store_id,
        "organization_id": organization_id,
    });
    writeln!(std::io::stdout(), "{ready}")?;
    let center = SimulatedIdentityCenter::new(world, Arc::new(SystemClock::default()));
    Front::new(Arc::new(center), arguments.options()).serve(listener).await;
    Ok(())
}
