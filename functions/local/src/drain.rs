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
        let patience = TimeDelta::minutes(options.timeout.into());
        let Some(left) = what_is_left_after(&kari, patience).await? else {
            println!(
                "Drained: every assignment that Kari made was seen gone. Requests are refused until `kari \
                 drain --undo`."
            );
            return Ok(ExitCode::SUCCESS);
        };
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

/// What is left when the time is over; nothing once nothing was. NB. The one look that finds nothing when it is over is
/// followed by another one.
async fn what_is_left_after(kari: &Kari, patience: TimeDelta) -> anyhow::Result<Option<Left>> {
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
        if empty == LOOKS || empty == 0 && kari.clock.now() >= until {
            ensure!(
                !kari.policies.settings().await?.requests_accepted,
                "somebody had requests accepted again meanwhile: settle that with them, and run this again"
            );
            return Ok((empty == 0).then_some(left));
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;
    use kari_application::contract::doubles::EventStoreDouble;
    use kari_application::edit_policies::Editor;
    use kari_application::ports::{EventStore, Item, ItemKey, ListError, Page, PageRequest};
    use kari_domain::audit::{Actor, Cause, Head, SystemReason};

    use super::*;
    use crate::in_no_time::kari_in_no_time;

    /// A store that lists the ledger that it has only after so many looks.
    struct Late {
        inner: Arc<dyn EventStore>,
        after: usize,
        looks: AtomicUsize,
    }

    #[async_trait]
    impl EventStoreDouble for Late {
        fn inner(&self) -> &dyn EventStore {
            &*self.inner
        }
        async fn items(&self, _: &str, _: &PageRequest) -> Result<Page<Item>, ListError> {
            let key = ItemKey("assignment/unreadable".to_owned());
            let item = Item { key, head: Head::empty(), due_at: None, request: None, body: String::new() };
            let is_late = self.looks.fetch_add(1, Ordering::Relaxed) < self.after;
            Ok(Page { items: if is_late { vec![] } else { vec![item] }, next: None })
        }
    }

    /// Whether it is drained by what is seen within this time, where the one ledger is listed after so many looks.
    async fn is_drained(after: usize, patience: TimeDelta) -> bool {
        let data = tempfile::tempdir().unwrap();
        let kari = kari_in_no_time(data.path()).await;
        let editor =
            Editor { actor: Actor::System { reason: SystemReason::Operator }, cause: Cause::Operator };
        accept_requests(&kari, &editor, false).await.unwrap();
        let store = Arc::new(Late { inner: Arc::clone(&kari.store), after, looks: AtomicUsize::default() });
        what_is_left_after(&Kari { store, ..kari }, patience).await.unwrap().is_none()
    }

    #[tokio::test]
    async fn nothing_is_drained_by_one_look_that_finds_nothing_when_the_time_is_over() {
        for patience in [TimeDelta::zero(), TimeDelta::minutes(1)] {
            assert!(!is_drained(0, patience).await);
            assert!(!is_drained(1, patience).await);
            assert!(is_drained(LOOKS, patience).await);
        }
    }
}
