//! The loop around the agenda, on the whole program.

use async_trait::async_trait;
use chrono::TimeDelta;
use clap::Parser;
use kari_application::advance::Advanced;
use kari_application::browse::surroundings;
use kari_application::caller::live_caller;
use kari_application::explain::{EligibilityQuery, eligibility};
use kari_application::ports::{EventStore, PageRequest, Policies, Unavailable};
use kari_application::submit_request::{Wanted, submit_request};
use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use kari_domain::policy::CompiledPolicies;
use kari_domain::request::RequestState;
use kari_domain::settings::Settings;
use kari_domain::text::Justification;
use kari_domain::time::Minutes;
use kari_embedded::inbox::Inbox;
use tempfile::TempDir;

use super::*;
use crate::app::App;
use crate::cli::{Cli, Command};
use crate::data_dir::DataDir;

/// Policies that make whoever asks for them panic.
struct Explosive;

#[async_trait]
impl Policies for Explosive {
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        panic!("on purpose")
    }

    async fn settings(&self) -> Result<Settings, Unavailable> {
        panic!("on purpose")
    }
}

/// The program on the sample organization.
struct Stage {
    app: App,
    directory: DataDir,
    _parent: TempDir,
}

impl Stage {
    async fn set() -> Self {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDir::open(parent.path()).unwrap();
        let Command::Run(options) = Cli::parse_from(["kari"]).into_command() else { panic!("not run") };
        let app = App::open(&options, &directory).await.unwrap();
        Self { app, directory, _parent: parent }
    }

    /// A request that needs no approval, and was to begin hours ago.
    async fn belated(&self) -> StreamId {
        let stream = StreamId::request(request(&self.app, Approval::NotNeeded).await);
        self.app.simulated.as_ref().unwrap().clock.skip(TimeDelta::hours(9)).unwrap();
        stream
    }

    /// What somebody else does to the request's row.
    fn tamper(&self, stream: &StreamId, change: &str) {
        let other = rusqlite::Connection::open(self.directory.database()).unwrap();
        let sql = format!("UPDATE items SET {change} WHERE key = ?1");
        assert_eq!(other.execute(&sql, [stream.as_str()]).unwrap(), 1);
    }

    /// The state under which lists find the request; `None` if its row cannot be read.
    async fn row(&self, stream: &StreamId) -> Option<RequestState> {
        let item = self.app.store.item(&ItemKey::from(stream)).await.unwrap().unwrap();
        item.request.map(|keys| keys.state)
    }

    /// Drives what is due, and gives what was driven.
    async fn drive_all(&self, timer: &Timer) -> Vec<Driven> {
        let mut under_way = JoinSet::new();
        timer.start_due(&self.app.kari, &mut under_way).await;
        under_way.join_all().await
    }

    /// How often an administrator was told about a stream.
    async fn told(&self, stream: &StreamId) -> usize {
        let snapshot = self.app.kari.read_model.load().await.unwrap();
        let administrator = snapshot.users.values().find(|user| user.user_name == "hanako").unwrap();
        let inbox = Inbox::new(Arc::clone(&self.app.store));
        let told = inbox.messages(&administrator.id, &PageRequest { limit: 200, after: None }).unwrap();
        told.items.iter().filter(|message| message.stream == *stream).count()
    }
}

#[tokio::test]
async fn a_drive_that_panics_is_parked_told_and_holds_up_nothing() {
    let stage = Stage::set().await;
    let stream = stage.belated().await;
    let key = ItemKey::from(&stream);
    let kari = Kari { policies: Arc::new(Explosive), ..stage.app.kari.clone() };
    let outcome = reconcile::drive(&kari, &key).await;
    assert!(matches!(&outcome, Err(Error::Corrupt(what)) if what.contains("on purpose")), "{outcome:?}");
    assert_eq!(stage.told(&stream).await, 1);

    let timer = Timer::default();
    let (due, now) = (Due { key: key.clone(), at: kari.clock.now() }, kari.clock.now());
    assert!(timer.lock().take(&key));
    timer.note(Driven { due: due.clone(), lane: key.clone(), outcome }, &kari);
    assert!(timer.lock().is_resting(&due, now + TimeDelta::minutes(9)));
    assert!(timer.lock().take(&key));
    assert!(matches!(reconcile::drive(&stage.app.kari, &key).await, Ok(Advanced::Done)));
}

#[tokio::test]
async fn a_request_whose_row_cannot_be_read_is_driven_all_the_same_and_its_row_written_anew() {
    let stage = Stage::set().await;
    let stream = stage.belated().await;
    stage.tamper(&stream, "account = 'nowhere'");
    assert!(stage.row(&stream).await.is_none());
    let driven = stage.drive_all(&Timer::default()).await;
    assert!(matches!(driven.as_slice(), [Driven { outcome: Ok(Advanced::Done), .. }]), "{}", driven.len());
    assert_eq!(stage.row(&stream).await, Some(RequestState::Closed));
    assert_eq!(stage.told(&stream).await, 0, "nothing is wrong any more");
}

#[tokio::test]
async fn a_row_that_driving_leaves_unreadable_is_made_anew_and_administrators_are_told() {
    let stage = Stage::set().await;
    let stream = StreamId::request(request(&stage.app, Approval::Needed).await);
    stage.tamper(&stream, "state = 'tomorrow', due_at = 0");
    assert!(stage.row(&stream).await.is_none());
    let driven = stage.drive_all(&Timer::default()).await;
    assert!(matches!(driven.as_slice(), [Driven { outcome: Ok(Advanced::At(..)), .. }]));
    assert_eq!(stage.row(&stream).await, Some(RequestState::Pending));
    assert_eq!(stage.told(&stream).await, 1);
    assert!(stage.drive_all(&Timer::default()).await.is_empty(), "it is not due any more");
}

#[derive(PartialEq)]
enum Approval {
    Needed,
    NotNeeded,
}

/// A request of Alice's.
async fn request(app: &App, approval: Approval) -> RequestId {
    let snapshot = app.kari.read_model.load().await.unwrap();
    let alice = snapshot.users.values().find(|user| user.user_name == "alice").unwrap();
    let caller = live_caller(&app.kari, &alice.id).await.unwrap();
    let query = EligibilityQuery { limit: 200, ..EligibilityQuery::default() };
    let around = surroundings(&app.kari).await.unwrap();
    let offered = eligibility(&app.kari, &caller, &around, &query).await.unwrap().accounts;
    let pairs =
        offered.iter().flat_map(|a| a.permission_sets.iter().map(move |(set, offer)| (a, set, offer)));
    let (account, set, _) = { pairs }
        .find(|(_, _, offer)| {
            let needed = offer.longest_without_approval_minutes.is_none();
            needed == (approval == Approval::Needed) && !offer.needs_ticket(offer.max_duration_minutes)
        })
        .unwrap();
    let wanted = Wanted {
        idempotency_key: "once".to_owned(),
        accounts: vec![account.account.id.clone()],
        permission_set: set.arn.clone(),
        start: None,
        duration: Minutes(60),
        justification: Some(Justification::parse("nobody will take this up in time").unwrap()),
        ticket: None,
    };
    let submitted = submit_request(&app.kari, &caller, Cause::Api, &wanted).await.unwrap();
    submitted.answers[0].result.as_ref().unwrap().id().unwrap()
}
