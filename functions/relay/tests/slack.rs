//! The function that tells Slack: it does nothing else that follows from a record.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../shared/application/tests/use_cases/town.rs"]
#[allow(dead_code, reason = "other tests use more of the town")]
mod town;

use std::future::ready;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::edit_policies::{Editor, change_settings};
use kari_application::notices::Notices;
use kari_application::ports::{
    Clock, Notification, NotificationKind, Notifier, PageRequest, Unavailable, Workflow,
};
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};
use kari_domain::ids::RequestId;
use kari_embedded::notes::StoredNotes;
use kari_fake_slack::{Control, FakeSlack, Person, TOKEN};
use kari_relay::slack::only_slack;
use kari_relay::{Batch, Relayed, handle};
use kari_slack::delivery::{Delivery, Links};
use kari_slack::{SecretsInUse, Slack};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use town::{Town, account, set, user};

const CHANNEL: &str = "C0REVIEW";

/// Counts who starts it.
#[derive(Default)]
struct Started(Mutex<usize>);

#[async_trait]
impl Workflow for Started {
    async fn start(&self, _: RequestId) -> Result<(), Unavailable> {
        *self.0.lock().unwrap() += 1;
        Ok(())
    }

    async fn start_end(&self, _: RequestId) -> Result<(), Unavailable> {
        self.start(RequestId(uuid::Uuid::nil())).await
    }
}

struct Stage {
    town: Town,
    kari: Kari,
    delivery: Arc<Delivery>,
    fake: FakeSlack,
    started: Arc<Started>,
    runtime: Runtime,
}

fn stage() -> Stage {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (town, fake) = (Town::new(), runtime.block_on(FakeSlack::start()).unwrap());
    fake.workspace().channel(CHANNEL);
    fake.workspace().each = Duration::ZERO;
    let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
    let policies = town.run(town.kari.policies.current()).unwrap();
    let before = policies.policy_set();
    let mut settings = before.settings.clone();
    settings.channels.slack = true;
    settings.slack_channel = Some(CHANNEL.parse().unwrap());
    town.run(change_settings(&town.kari, &editor, settings, before.settings_version)).unwrap();
    let started = Arc::new(Started::default());
    let kari = Kari { workflow: started.clone(), ..town.kari.clone() };
    let text = json!({"bot_token": TOKEN, "signing_secret": "hush"}).to_string();
    let secrets = runtime.block_on(SecretsInUse::of(move || ready(Ok(text.clone())))).unwrap();
    let slack = Slack::new(secrets, Some(&fake.api_url())).unwrap();
    let notes = Arc::new(StoredNotes::new(town.store.clone(), town.clock.clone()));
    let links = Links { portal: "https://kari.example".to_owned(), access_portal: None };
    let delivery =
        Arc::new(Delivery::new(kari.clone(), slack, notes, links, ["T0000000001".to_owned()].into()));
    let kari = only_slack(&kari, &delivery);
    Stage { town, kari, delivery, fake, started, runtime }
}

impl Stage {
    fn notices(&self) -> Notices {
        let clock = self.town.clock.clone();
        Notices { notes: Arc::new(StoredNotes::new(self.town.store.clone(), clock.clone())), clock }
    }

    fn relayed(&self, id: RequestId) -> Relayed {
        let stored = self.town.run(self.kari.store.stream(&StreamId::request(id))).unwrap();
        let record = |(place, bytes): (usize, &String)| -> Value {
            json!({"dynamodb": {"SequenceNumber": place.to_string(), "NewImage": {"bytes": {"S": bytes}}}})
        };
        let records: Vec<_> = stored.iter().enumerate().map(record).collect();
        let batch: Batch = serde_json::from_value(json!({"Records": records})).unwrap();
        self.runtime.block_on(handle(&self.kari, &batch))
    }
}

#[test]
fn slack_is_told_by_a_function_that_starts_nothing_and_tells_nobody_else() {
    let stage = stage();
    let id = stage.town.ask("ann", &[account("sandbox", 0)], &set(0)).remove(0);
    let reviewed = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    assert_eq!(stage.relayed(id), Relayed::default());
    assert_eq!(stage.relayed(reviewed), Relayed::default());
    assert_eq!(stage.fake.workspace().in_channel(CHANNEL).len(), 1);
    assert_eq!(*stage.started.0.lock().unwrap(), 0);
    let page = PageRequest { limit: 10, after: None };
    assert!(stage.town.inbox.messages(&user("lee"), &page).unwrap().items.is_empty());
}

#[test]
fn what_slack_does_not_take_now_is_repeated_and_what_it_never_takes_is_counted() {
    let stage = stage();
    let failing = [("chat.postMessage".to_owned(), vec!["503".to_owned()])].into();
    stage.fake.workspace().apply(Control { failing, ..Control::default() });
    let id = stage.town.ask("ann", &[account("north", 0)], &set(0)).remove(0);
    assert_eq!(stage.relayed(id).repeat.batch_item_failures.len(), 1);
    stage.town.clock.advance_by(TimeDelta::seconds(2));
    assert_eq!(stage.relayed(id), Relayed::default());
    assert_eq!(stage.delivery.given_up(), 0);
    stage.fake.workspace().channels.clear();
    let id = stage.town.ask("ben", &[account("north", 1)], &set(0)).remove(0);
    stage.town.clock.advance_by(TimeDelta::seconds(2));
    assert_eq!(stage.relayed(id), Relayed::default());
    assert_eq!((stage.delivery.given_up(), stage.delivery.given_up()), (1, 0));
}

#[test]
fn what_no_event_tells_of_is_left_for_slack_and_told_once() {
    let stage = stage();
    stage.fake.workspace().join("U0TOM", Person { email: "tom@example.com".to_owned(), ..Person::default() });
    let notices = stage.notices();
    let notification = Notification {
        kind: NotificationKind::DirectoryTooOld,
        recipients: vec![user("tom")],
        stream: StreamId::findings(),
        sequence: 0,
        request: None,
        at: stage.town.clock.now(),
    };
    let told = || stage.fake.workspace().in_channel("D0TOM").len();
    stage.town.run(notices.deliver(&notification)).unwrap();
    stage.town.run(notices.deliver(&notification)).unwrap();
    assert_eq!(told(), 0);
    let failing = [("chat.postMessage".to_owned(), vec!["500".to_owned()])].into();
    stage.fake.workspace().apply(Control { failing, ..Control::default() });
    assert!(stage.runtime.block_on(notices.fetch_for(&*stage.delivery)).is_err());
    for _ in 0..2 {
        stage.runtime.block_on(notices.fetch_for(&*stage.delivery)).unwrap();
    }
    assert_eq!(told(), 1);
}

#[test]
fn what_is_told_days_late_is_left_for_slack_too() {
    let stage = stage();
    stage.fake.workspace().join("U0TOM", Person { email: "tom@example.com".to_owned(), ..Person::default() });
    let notices = stage.notices();
    let late = Notification {
        kind: NotificationKind::RecordsUnreadable,
        recipients: vec![user("tom")],
        stream: StreamId::findings(),
        sequence: 1,
        request: None,
        at: stage.town.clock.now() - TimeDelta::days(4),
    };
    stage.town.run(notices.deliver(&late)).unwrap();
    // NB. With each note what is over is forgotten.
    let to_nobody = Notification { recipients: vec![], sequence: 2, ..late };
    stage.town.run(notices.deliver(&to_nobody)).unwrap();
    stage.runtime.block_on(notices.fetch_for(&*stage.delivery)).unwrap();
    assert_eq!(stage.fake.workspace().in_channel("D0TOM").len(), 1);
}
