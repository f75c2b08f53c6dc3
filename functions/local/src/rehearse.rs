//! `kari rehearse`: one throwaway assignment is made and removed in a real organization, through the very
//! adapter that Kari uses, and the time of each step is told.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail, ensure};
use chrono::TimeDelta;
use kari_application::ports::{CallError, Listed, OperationKind, OperationStatus};
use kari_application::{Kari, load_ledger};
use kari_domain::directory::{AccountStatus, LeftOut, Snapshot};
use kari_domain::ids::{Target, Tuple};
use kari_domain::ledger::{Absence, Presence};
use kari_domain::time::{Instant, LATE_CREATION_WATCH, whole_seconds};

use crate::cli::RehearseOptions;
use crate::{aws, place, shutdown};

/// Between two looks.
const EACH: TimeDelta = TimeDelta::seconds(1);
/// How long a step may take.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// How many looks in a row have to show it gone: listings may lag.
const LOOKS: usize = 3;

/// Rehearses.
///
/// # Errors
/// If nothing is to be rehearsed with, or a step failed. Whatever was made is removed all the same.
pub fn rehearse(options: &RehearseOptions) -> anyhow::Result<ExitCode> {
    place::run(async {
        let kari = aws::open(&options.deployment).await?;
        let rehearsal = Rehearsal::new(&kari, options).await?;
        println!(
            "This gives {}\nfor a few seconds, and takes it away again. Nothing else is changed. Kari keeps no record \
             of it, unless it comes upon it while it is there.",
            rehearsal.label
        );
        if !options.yes && !agreed()? {
            println!("Nothing was done.");
            return Ok(ExitCode::FAILURE);
        }
        rehearsal.run().await?;
        println!("Rehearsed: it was seen there, and seen gone.");
        Ok(ExitCode::SUCCESS)
    })
}

fn agreed() -> anyhow::Result<bool> {
    ensure!(
        std::io::stdin().is_terminal(),
        "nobody is there to be asked: say --yes if that is what you want"
    );
    print!("Go on? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

struct Rehearsal<'a> {
    kari: &'a Kari,
    tuple: Tuple,
    /// What it is about, for people.
    label: String,
    /// A creation was sent, and it is not certain that it was refused.
    sent: AtomicBool,
}

impl<'a> Rehearsal<'a> {
    /// What is to be made, if it is there neither now nor by Kari's doing.
    async fn new(kari: &'a Kari, options: &RehearseOptions) -> anyhow::Result<Self> {
        let directory = place::directory(kari).await?;
        let tuple = tuple(&directory, options)?;
        let label = label(&directory, &tuple);
        let account =
            kari.directory.account(&tuple.target.account).await.context("organizations does not answer")?;
        let account =
            account.with_context(|| format!("there is no account {} any more", tuple.target.account))?;
        ensure!(account.status == AccountStatus::Active, "the account is not active: choose another one");
        if let Some(why) = account.left_out {
            bail!("{}: choose another account", reason(why));
        }
        let user =
            kari.directory.user(&tuple.principal).await.context("the identity store does not answer")?;
        ensure!(user.is_some_and(|user| user.enabled), "the user is not enabled: choose another one");
        let rehearsal = Self { kari, tuple, label, sent: AtomicBool::new(false) };
        rehearsal.must_not_be_there().await?;
        Ok(rehearsal)
    }

    /// It must be there neither now nor by Kari's doing.
    async fn must_not_be_there(&self) -> anyhow::Result<()> {
        free(&load_ledger(self.kari, &self.tuple).await?.state.presence)?;
        let there = self.look().await? == Listed::Yes;
        let flying = self.kari.assignments.creation_in_flight(&self.tuple).await?.is_some();
        ensure!(
            !there && !flying,
            "they have that access already, and it would be taken away: choose another user, account or permission set"
        );
        Ok(())
    }

    /// Makes and removes it. NB. From the first call on it may be there: whatever fails, it is removed.
    async fn run(&self) -> anyhow::Result<()> {
        let made = tokio::select! {
            made = self.make() => made,
            asked = shutdown::requested(false) => match asked {
                Ok(()) => Err(anyhow::anyhow!("you asked to stop")),
                Err(error) => Err(error.into()),
            },
        };
        if !self.sent.load(Ordering::Relaxed) {
            return made;
        }
        if let Err(error) = &made {
            eprintln!("kari: {error:#}; what may have been made is removed");
        }
        // Whoever asks to stop now has to wait: nobody else would remove it.
        let removed = tokio::select! {
            removed = self.remove() => removed,
            never = say_that_it_goes_on() => never,
        };
        removed.with_context(|| format!("REMOVE IT BY HAND in Identity Center: {}", self.label))?;
        made
    }

    async fn make(&self) -> anyhow::Result<()> {
        let from = self.now();
        let id = loop {
            // NB. Somebody may have got it meanwhile: the question may have been open for hours.
            self.must_not_be_there().await?;
            self.sent.store(true, Ordering::Relaxed);
            match self.kari.assignments.create(&self.tuple).await {
                Ok(id) => break id,
                Err(error) => self.not_created(error, from)?,
            }
            self.kari.clock.sleep(EACH).await;
        };
        self.told("creation accepted", from);
        loop {
            match self.kari.assignments.status(OperationKind::Creation, &id).await {
                Ok(OperationStatus::Succeeded) => break,
                Ok(OperationStatus::Failed(failed)) => bail!("the creation failed: {failed}"),
                Ok(OperationStatus::InProgress) => {}
                Err(error) => tracing::info!(%error, "it is asked again"),
            }
            ensure!(
                self.now() < from + PATIENCE,
                "the creation takes longer than {} minutes",
                PATIENCE.num_minutes()
            );
            self.kari.clock.sleep(EACH).await;
        }
        self.told("creation succeeded", from);
        while self.look().await? == Listed::No {
            ensure!(self.now() < from + PATIENCE, "it is not listed although its creation succeeded");
            self.kari.clock.sleep(EACH).await;
        }
        self.told("seen there", from);
        Ok(())
    }

    /// Nothing where it can be tried again. NB. A conflict is with what somebody else does: none of ours was accepted.
    fn not_created(&self, error: CallError, from: Instant) -> anyhow::Result<()> {
        self.sent.store(matches!(error, CallError::Unknown(_)), Ordering::Relaxed);
        match error {
            CallError::Throttled | CallError::Conflict if self.now() < from + PATIENCE => Ok(()),
            error => Err(error).context("it cannot be created"),
        }
    }

    /// Deletes until it is seen gone.
    async fn remove(&self) -> anyhow::Result<()> {
        let from = self.now();
        let mut trouble = String::new();
        while self.now() < from + PATIENCE {
            match self.delete_and_look(from).await {
                Ok(true) => {
                    self.told("seen gone", from);
                    return Ok(());
                }
                Ok(false) => {}
                Err(error) => {
                    trouble = format!("{error:#}");
                    tracing::info!(error = trouble, "it is deleted again");
                }
            }
            self.kari.clock.sleep(EACH).await;
        }
        bail!("it was not seen gone within {} minutes {trouble}", PATIENCE.num_minutes());
    }

    /// Whether it is gone then.
    async fn delete_and_look(&self, from: Instant) -> anyhow::Result<bool> {
        self.delete(from).await?;
        self.is_gone().await
    }

    async fn delete(&self, from: Instant) -> anyhow::Result<()> {
        let id = match self.kari.assignments.delete(&self.tuple).await {
            Ok(id) => id,
            Err(CallError::NotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        self.told("deletion accepted", from);
        loop {
            match self.kari.assignments.status(OperationKind::Deletion, &id).await? {
                OperationStatus::Succeeded => break,
                OperationStatus::Failed(failed) => bail!("the deletion failed: {failed}"),
                OperationStatus::InProgress if self.now() < from + PATIENCE => {
                    self.kari.clock.sleep(EACH).await;
                }
                OperationStatus::InProgress => bail!("the deletion is still in progress"),
            }
        }
        self.told("deletion succeeded", from);
        Ok(())
    }

    /// NB. A creation that is still under way may land later.
    async fn is_gone(&self) -> anyhow::Result<bool> {
        for _ in 0..LOOKS {
            let flying = self.kari.assignments.creation_in_flight(&self.tuple).await?.is_some();
            if flying || self.look().await? == Listed::Yes {
                return Ok(false);
            }
            self.kari.clock.sleep(EACH).await;
        }
        Ok(true)
    }

    async fn look(&self) -> anyhow::Result<Listed> {
        let from = self.now();
        loop {
            match self.kari.assignments.look(OperationKind::Deletion, &self.tuple).await {
                Ok(listed) => return Ok(listed),
                Err(CallError::Throttled) if self.now() < from + PATIENCE => {}
                Err(error) => return Err(error).context("it cannot be looked for"),
            }
            self.kari.clock.sleep(EACH).await;
        }
    }

    fn now(&self) -> Instant {
        self.kari.clock.now()
    }

    fn told(&self, what: &str, from: Instant) {
        let took = (self.now() - from).num_milliseconds();
        println!("{:>5}.{} s  {what}", took / 1_000, took % 1_000 / 100);
    }
}

async fn say_that_it_goes_on() -> anyhow::Result<()> {
    loop {
        shutdown::requested(false).await?;
        eprintln!("kari: it is being removed; wait until that is done");
    }
}

/// Why Kari gives nobody access to an account.
fn reason(why: LeftOut) -> &'static str {
    match why {
        LeftOut::KarisOwn => "kari itself runs in the account, and leaves it out",
        LeftOut::NotDelegated => "it is the management account, which kari leaves out",
    }
}

/// Whether Kari neither gives the access nor watches for it. NB. What it watches for it removes: a creation of
/// its own may come late, and a rehearsal looks just like one.
fn free(presence: &Presence) -> anyhow::Result<()> {
    match presence {
        Presence::Absent { absence: Absence::Unwatched } => Ok(()),
        Presence::Absent { absence: Absence::Observed { at } | Absence::Confirmed { at } } => bail!(
            "kari took that access away lately, and watches until shortly after {} whether it comes back: wait, or \
             choose another user, account or permission set",
            whole_seconds(*at + LATE_CREATION_WATCH)
        ),
        Presence::Creating { .. } | Presence::Present { .. } | Presence::Removing { .. } => bail!(
            "kari gives that access to somebody at present: choose another user, account or permission set"
        ),
    }
}

/// What is named by name or id.
fn tuple(directory: &Snapshot, options: &RehearseOptions) -> anyhow::Result<Tuple> {
    let RehearseOptions { user, account, permission_set, .. } = options;
    let users = directory.users.values().map(|one| (&one.id, one.user_name.as_str()));
    let accounts = directory.accounts.values().map(|one| (&one.id, one.name.as_str()));
    let sets = directory.permission_sets.values().map(|one| (&one.arn, one.name.as_str()));
    let target = Target {
        account: the_one("account", account, accounts)?,
        permission_set: the_one("permission set", permission_set, sets)?,
    };
    Ok(Tuple { principal: the_one("user", user, users)?, target })
}

fn the_one<'a, Id>(
    kind: &str,
    wanted: &str,
    all: impl Iterator<Item = (&'a Id, &'a str)>,
) -> anyhow::Result<Id>
where
    Id: Clone + ToString + 'a,
{
    let found: Vec<_> = all.filter(|(id, name)| *name == wanted || id.to_string() == wanted).collect();
    match found.as_slice() {
        [(id, _)] => Ok((*id).clone()),
        [] => bail!("there is no {kind} `{wanted}` in the directory: name one by its name or id"),
        [..] => bail!("several have the name `{wanted}`: name the {kind} by its id"),
    }
}

fn label(directory: &Snapshot, Tuple { principal, target }: &Tuple) -> String {
    let user = directory.users.get(principal).map_or("", |user| user.user_name.as_str());
    let account = directory.accounts.get(&target.account).map_or("", |account| account.name.as_str());
    let set = directory.permission_sets.get(&target.permission_set).map_or("", |set| set.name.as_str());
    format!("{user} ({principal})\n{set} ({})\non {account} ({})", target.permission_set, target.account)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use kari_application::contract::doubles::AssignmentsDouble;
    use kari_application::ports::Assignments;
    use kari_domain::ids::OperationId;
    use kari_domain::ledger::Ownership;

    use super::*;
    use crate::in_no_time::kari_in_no_time;

    /// Identity Center, where somebody got the access while the question was open, and a deletion never ends.
    struct Busy(Arc<dyn Assignments>);

    #[async_trait]
    impl AssignmentsDouble for Busy {
        fn inner(&self) -> &dyn Assignments {
            &*self.0
        }
        async fn create(&self, _: &Tuple) -> Result<OperationId, CallError> {
            panic!("it is there")
        }
        async fn delete(&self, _: &Tuple) -> Result<OperationId, CallError> {
            Ok("slow".parse().unwrap())
        }
        async fn status(&self, _: OperationKind, _: &OperationId) -> Result<OperationStatus, CallError> {
            Ok(OperationStatus::InProgress)
        }
        async fn creation_in_flight(&self, _: &Tuple) -> Result<Option<OperationId>, CallError> {
            Ok(None)
        }
        async fn look(&self, _: OperationKind, _: &Tuple) -> Result<Listed, CallError> {
            Ok(Listed::Yes)
        }
    }

    async fn in_a_busy_place(data: &tempfile::TempDir) -> (Kari, Tuple) {
        let kari = kari_in_no_time(data.path()).await;
        let directory = kari.read_model.load().await.unwrap();
        let account = directory.accounts.keys().next().unwrap().clone();
        let permission_set = directory.permission_sets.keys().next().unwrap().clone();
        let principal = directory.users.keys().next().unwrap().clone();
        let assignments = Arc::new(Busy(Arc::clone(&kari.assignments)));
        let target = Target { account, permission_set };
        (Kari { assignments, ..kari }, Tuple { principal, target })
    }

    #[tokio::test]
    async fn what_somebody_got_while_the_question_was_open_is_neither_made_nor_removed() {
        let data = tempfile::tempdir().unwrap();
        let (kari, tuple) = in_a_busy_place(&data).await;
        let rehearsal = Rehearsal { kari: &kari, tuple, label: String::new(), sent: AtomicBool::new(false) };
        let before = kari.clock.now();
        let refused = rehearsal.run().await.unwrap_err().to_string();
        assert!(refused.contains("they have that access already"), "{refused}");
        assert_eq!(kari.clock.now(), before, "no deletion was waited for");
    }

    #[tokio::test]
    async fn a_deletion_that_stays_in_progress_is_waited_for_with_an_end() {
        let data = tempfile::tempdir().unwrap();
        let (kari, tuple) = in_a_busy_place(&data).await;
        let rehearsal = Rehearsal { kari: &kari, tuple, label: String::new(), sent: AtomicBool::new(true) };
        let failed = rehearsal.remove().await.unwrap_err().to_string();
        assert!(failed.contains("not seen gone within 10 minutes"), "{failed}");
    }

    #[test]
    fn only_what_kari_neither_gives_nor_watches_for_is_free_and_it_is_told_until_when_it_watches() {
        let at = Instant::UNIX_EPOCH;
        let said = |presence| free(&presence).map_err(|error| error.to_string());
        let absent = |absence| said(Presence::Absent { absence });
        assert_eq!(absent(Absence::Unwatched), Ok(()));
        for absence in [Absence::Observed { at }, Absence::Confirmed { at }] {
            let why = absent(absence).unwrap_err();
            assert!(why.contains("lately") && why.contains("1970-01-01 00:15:00 UTC"), "{why}");
        }
        for presence in [
            Presence::Creating { since: at, operation: None },
            Presence::Present { ownership: Ownership::PreExisting, observed_at: at, vanished_at: None },
            Presence::Removing { since: at, operation: None },
        ] {
            assert!(said(presence).unwrap_err().contains("at present"));
        }
    }
}
