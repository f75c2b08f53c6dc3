//! A Kari for tests, for which whoever sleeps has slept at once.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use clap::Parser;
use kari_application::Kari;
use kari_application::ports::Clock;
use kari_domain::time::Instant;
use kari_embedded::clock::ManualClock;

use crate::app::App;
use crate::cli::{Cli, Command};
use crate::data_dir::DataDir;

struct InNoTime(ManualClock);

#[async_trait]
impl Clock for InNoTime {
    fn now(&self) -> Instant {
        self.0.now()
    }
    async fn sleep(&self, length: TimeDelta) {
        self.0.advance_by(length);
    }
}

/// One with the sample organization, in this empty directory.
pub(crate) async fn kari_in_no_time(data: &Path) -> Kari {
    let directory = DataDir::open(data).unwrap();
    let Command::Run(options) = Cli::parse_from(["kari"]).into_command() else { panic!("not run") };
    let kari = App::open(&options, &directory).await.unwrap().kari;
    let clock = Arc::new(InNoTime(ManualClock::new(kari.clock.now())));
    Kari { clock, ..kari }
}
