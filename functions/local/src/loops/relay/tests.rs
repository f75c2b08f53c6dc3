use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;
use clap::Parser;
use kari_application::edit_policies::{Editor, change_settings};
use kari_application::ports::{Notification, Notifier};
use kari_domain::audit::{Actor, Cause};
use kari_domain::settings::Settings;
use kari_domain::time::{Instant, Minutes};
use kari_embedded::clock::ManualClock;

use super::*;
use crate::app::App;
use crate::cli::{Cli, Command};
use crate::data_dir::DataDir;

/// A channel that is broken, and counts who tries it.
#[derive(Default)]
struct Broken {
    tries: AtomicUsize,
}

#[async_trait]
impl Notifier for Broken {
    async fn deliver(&self, _: &Notification) -> Result<(), Unavailable> {
        self.tries.fetch_add(1, Ordering::SeqCst);
        Err(Unavailable::new("the channel", "it is broken"))
    }
}

#[tokio::test]
async fn what_fails_stays_in_the_outbox_and_is_tried_again_ever_more_rarely() {
    let parent = tempfile::tempdir().unwrap();
    let directory = DataDir::open(parent.path()).unwrap();
    let Command::Run(options) = Cli::parse_from(["kari"]).into_command() else { panic!("not run") };
    let app = App::open(&options, &directory).await.unwrap();
    relay_all(&app.kari, &app.store, &mut Failing::default()).await.unwrap();
    let hanako = app.kari.read_model.load().await.unwrap();
    let hanako = hanako.users.values().find(|user| user.user_name == "hanako").unwrap();
    let actor = Actor::User { id: hanako.id.clone(), label: "hanako".to_owned() };
    let editor = Editor { actor, cause: Cause::Api };
    let version = app.kari.policies.current().await.unwrap().policy_set().settings_version;
    let settings = Settings { expiry_warning_minutes: Minutes(1), ..Settings::default() };
    change_settings(&app.kari, &editor, settings, version).await.unwrap();

    let (broken, clock) = (Arc::new(Broken::default()), Arc::new(ManualClock::new(Instant::UNIX_EPOCH)));
    let kari = Kari { notifier: broken.clone(), clock: clock.clone(), ..app.kari.clone() };
    let mut failing = Failing::default();
    for _ in 0..10 {
        relay_all(&kari, &app.store, &mut failing).await.unwrap();
    }
    assert_eq!(broken.tries.load(Ordering::SeqCst), 1);
    for _ in 0..10 {
        clock.advance_by(TimeDelta::seconds(1));
        relay_all(&kari, &app.store, &mut failing).await.unwrap();
    }
    assert_eq!(broken.tries.load(Ordering::SeqCst), 4, "after 1, 3 and 7 seconds");
    assert_eq!(app.store.outbox_batch(0, 10).unwrap().len(), 1);

    let mended = Kari { notifier: app.kari.notifier.clone(), ..kari };
    clock.advance_by(TimeDelta::minutes(1));
    relay_all(&mended, &app.store, &mut failing).await.unwrap();
    assert!(app.store.outbox_batch(0, 10).unwrap().is_empty());
}
