//! `kari drain`: nothing begins any more, everything that was given out is ended, and seen gone.

use std::process::ExitCode;

use anyhow::ensure;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::reconcile::{Left, accept_requests, end_all_grants, what_is_left};
use kari_domain::directory::Snapshot;
use kari_domain::ids::Tuple;

use crate::cli::DrainOptions;
use crate::place;
use crate::policies::operator;

/// Between two looks.
const EACH: TimeDelta = TimeDelta::seconds(3);
/// How many looks in a row have to find nothing: lists may show what was recorded last a moment late.
const LOOKS: usize = 2;
/// How much of what is left is named.
const NAMED: usize = 10;

/// Drains, or undoes that.
///
/// # Errors
/// If Kari cannot be reached, or something is left when the time is over.
pub fn drain(options: &DrainOptions) -> anyhow::Result<ExitCode> {
    place::run(async {
        let kari = place::open(&options.place).await?;
        accept_requests(&kari, &operator(&options.place).await, options.undo).await?;
        if options.undo {
            println!("Requests are accepted again.");
            return Ok(ExitCode::SUCCESS);
        }
        println!("New requests are refused, and nothing that was approved begins.");
        let left = until_nothing_is_left(&kari, TimeDelta::minutes(options.timeout.into())).await?;
        if left.is_nothing() {
            println!(
                "Drained: every assignment that Kari made was seen gone. Requests are refused until `kari \
                 drain --undo`."
            );
            return Ok(ExitCode::SUCCESS);
        }
        for tuple in left.assignments.iter().take(NAMED) {
            println!("  left: {}", named(tuple, &*kari.read_model.load().await?));
        }
        eprintln!(
            "kari: not everything is gone: {}. Kari goes on trying while it runs; the portal says of each \
             ending request what is in its way. Run this again to go on waiting",
            counted(&left)
        );
        Ok(ExitCode::FAILURE)
    })
}

async fn until_nothing_is_left(kari: &Kari, patience: TimeDelta) -> anyhow::Result<Left> {
    let until = kari.clock.now() + patience;
    let (mut said, mut empty) = (String::new(), 0);
    loop {
        let ended = end_all_grants(kari).await?;
        let left = what_is_left(kari).await?;
        let now = counted(&left);
        if now != said {
            println!("{now}");
            said = now;
        }
        empty = if left.is_nothing() && ended.failed == 0 { empty + 1 } else { 0 };
        if empty == LOOKS || kari.clock.now() >= until {
            ensure!(
                !kari.policies.settings().await?.requests_accepted,
                "somebody had requests accepted again meanwhile: settle that with them, and run this again"
            );
            return Ok(left);
        }
        kari.clock.sleep(EACH).await;
    }
}

fn counted(left: &Left) -> String {
    let several = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let mut text = format!(
        "{} to end, {} to go",
        several(left.requests.len(), "grant"),
        several(left.assignments.len(), "assignment")
    );
    if left.unreadable > 0 {
        text += ", ";
        text += &several(left.unreadable, "record");
        text += " that cannot be read";
    }
    text
}

fn named(Tuple { principal, target }: &Tuple, directory: &Snapshot) -> String {
    let user = directory.users.get(principal).map_or_else(|| principal.to_string(), |u| u.user_name.clone());
    let set = directory.permission_sets.get(&target.permission_set);
    let set = set.map_or_else(|| target.permission_set.to_string(), |set| set.name.clone());
    let account = directory.accounts.get(&target.account);
    let account = account.map_or_else(String::new, |account| format!(" ({})", account.name));
    format!("{user}, {set} on {}{account}", target.account)
}
