use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};

use async_trait::async_trait;
use clap::Parser;
use kari_application::edit_policies::{Editor, change_settings};
use kari_application::ports::{PageRequest, ReadModel, Unavailable};
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::directory::Snapshot;
use kari_domain::settings::Settings;
use kari_domain::time::Minutes;
use kari_embedded::inbox::Inbox;
use tempfile::TempDir;

use super::check::check;
use super::*;
use crate::app::App;
use crate::cli::{Cli, Command};
use crate::data_dir::DataDir;

/// Longer than anything here takes, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(30);

/// The program on an organization, the sample if none is given, after somebody had `sql` run on its
/// database.
struct Stage {
    app: App,
    directory: DataDir,
    _parent: TempDir,
}

impl Stage {
    async fn set(organization: &str, sql: &str) -> Self {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDir::open(&parent.path().join("data")).unwrap();
        let file = parent.path().join("organization.toml");
        std::fs::write(&file, organization).unwrap();
        let own = ["--organization", file.to_str().unwrap()];
        let arguments: &[&str] = if organization.is_empty() { &[] } else { &own };
        let Command::Run(options) = Cli::parse_from([&["kari"], arguments].concat()).into_command() else {
            panic!("not run")
        };
        let app = App::open(&options, &directory).await.unwrap();
        rusqlite::Connection::open(directory.database()).unwrap().execute_batch(sql).unwrap();
        Self { app, directory, _parent: parent }
    }

    /// The streams that an administrator was told of.
    async fn told(&self) -> Vec<String> {
        let snapshot = self.app.kari.read_model.load().await.unwrap();
        let administrator = snapshot.users.values().find(|user| user.user_name == "hanako").unwrap();
        let inbox = Inbox::new(Arc::clone(&self.app.store));
        let told = inbox.messages(&administrator.id, &PageRequest { limit: 200, after: None }).unwrap();
        told.items.iter().map(|message| message.stream.to_string()).collect()
    }
}

const RECORD_GONE: &str = "DELETE FROM streams WHERE stream = 'policies'";

#[tokio::test]
async fn a_stream_whose_record_is_gone_is_told_once_although_all_that_is_left_fits() {
    let stage = Stage::set("", RECORD_GONE).await;
    for _ in 0..2 {
        check(&stage.app.kari, &stage.app.store).await;
        assert_eq!(stage.told().await, ["policies"]);
    }
}

#[tokio::test]
async fn nothing_is_told_of_records_that_nobody_touched() {
    let stage = Stage::set("", "").await;
    check(&stage.app.kari, &stage.app.store).await;
    assert_eq!(stage.told().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_name_that_is_no_text_is_told_and_keeps_nothing_from_being_checked() {
    let sql = "UPDATE items SET key = CAST(x'ff' AS TEXT) WHERE key LIKE 'policies/guardrail/%'
                   AND rowid = (SELECT max(rowid) FROM items WHERE key LIKE 'policies/guardrail/%')";
    let stage = Stage::set("", sql).await;
    check(&stage.app.kari, &stage.app.store).await;
    let mut told = stage.told().await;
    told.sort();
    assert_eq!(told, ["policies", "\u{fffd}"]);
}

/// A copy of the directory that is a long time coming, the first time.
struct Slow {
    go_on: Mutex<Receiver<()>>,
    was_let_go_on: Arc<AtomicBool>,
}

#[async_trait]
impl ReadModel for Slow {
    async fn load(&self) -> Result<Arc<Snapshot>, Unavailable> {
        if self.was_let_go_on.load(Ordering::SeqCst) {
            return Ok(Arc::default());
        }
        let let_go_on = self.go_on.lock().unwrap().recv_timeout(PATIENCE).is_ok();
        self.was_let_go_on.store(let_go_on, Ordering::SeqCst);
        Ok(Arc::default())
    }

    async fn save(&self, _: Snapshot) -> Result<(), Unavailable> {
        panic!("nobody saves here")
    }
}

#[tokio::test]
async fn everything_else_goes_on_during_a_check() {
    let stage = Stage::set("", RECORD_GONE).await;
    let (go_on, wait) = channel();
    let was_let_go_on = Arc::new(AtomicBool::new(false));
    let slow = Slow { go_on: Mutex::new(wait), was_let_go_on: Arc::clone(&was_let_go_on) };
    let kari = Kari { read_model: Arc::new(slow), ..stage.app.kari.clone() };
    let elsewhere = async { go_on.send(()).unwrap() };
    tokio::join!(check(&kari, &stage.app.store), elsewhere);
    assert!(was_let_go_on.load(Ordering::SeqCst), "the check held up what would have let it go on");
}

/// A copy of the directory that makes whoever asks for it panic.
struct Explosive;

#[async_trait]
impl ReadModel for Explosive {
    async fn load(&self) -> Result<Arc<Snapshot>, Unavailable> {
        panic!("on purpose")
    }

    async fn save(&self, _: Snapshot) -> Result<(), Unavailable> {
        panic!("on purpose")
    }
}

#[tokio::test]
async fn a_check_that_panics_begins_anew_sooner_than_one_that_does_not() {
    let stage = Stage::set("", RECORD_GONE).await;
    let kari = Kari { read_model: Arc::new(Explosive), ..stage.app.kari.clone() };
    let again = check(&kari, &stage.app.store).await;
    assert!(again < check(&stage.app.kari, &stage.app.store).await);
}

#[tokio::test]
async fn the_first_event_is_noted_at_once_so_that_a_lost_database_is_missed() {
    let stage = Stage::set("[[user]]\nname = \"ann\"\n", "").await;
    let (app, files) = (&stage.app, stage.directory.files());
    assert!(first_start::says_nothing(files.path()));
    let record = async {
        let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
        let settings = Settings { expiry_warning_minutes: Minutes(1), ..Settings::default() };
        change_settings(&app.kari, &editor, settings, 0).await.unwrap();
    };
    tokio::join!(correct_mark_in_time(&app.store, files), record);
    assert!(first_start::has_recorded(files.path()));
}
