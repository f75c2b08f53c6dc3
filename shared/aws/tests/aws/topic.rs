//! The channel for machines, against an SNS that takes messages and does nothing else.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use kari_application::contract::notifier;
use kari_application::ports::{Notification, NotificationKind, Notifier, Undeliverable};
use kari_aws::topic::Topic;
use kari_domain::audit::StreamId;
use kari_domain::ids::UserId;
use kari_domain::time::Instant;
use kari_machine::{RandomIds, SystemClock};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::support;

const TOPIC: &str = "arn:aws:sns:ap-northeast-1:111122223333:kari";
const TAKEN: &str =
    "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>";
const REFUSED: &str = "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code>\
    <Message>Invalid parameter: Message too long</Message></Error></ErrorResponse>";

#[derive(Default)]
struct Sns {
    taken: Mutex<Vec<Value>>,
    refuses: AtomicBool,
}

impl Sns {
    /// To whom each message was.
    fn recipients(&self) -> Vec<Vec<String>> {
        let taken = self.taken.lock().unwrap();
        let of = |message: &Value| serde_json::from_value(message["recipients"].clone()).unwrap();
        taken.iter().map(of).collect()
    }

    fn count(&self, user: &UserId) -> usize {
        self.recipients().iter().flatten().filter(|told| **told == user.as_str()).count()
    }
}

async fn publish(
    State(sns): State<Arc<Sns>>,
    Form(asked): Form<BTreeMap<String, String>>,
) -> (StatusCode, &'static str) {
    assert_eq!((asked["Action"].as_str(), asked["TopicArn"].as_str()), ("Publish", TOPIC));
    if sns.refuses.load(Ordering::SeqCst) {
        return (StatusCode::BAD_REQUEST, REFUSED);
    }
    sns.taken.lock().unwrap().push(serde_json::from_str(&asked["Message"]).unwrap());
    (StatusCode::OK, TAKEN)
}

async fn topic() -> (Arc<Sns>, Topic) {
    let sns = Arc::new(Sns::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = crate::front::clients_of(listener.local_addr().unwrap()).await.sns();
    let app = axum::Router::new().route("/", post(publish)).with_state(Arc::clone(&sns));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let store = Arc::new(support::store(&support::new_table().await));
    (sns, Topic::new(client, TOPIC, store, ids()))
}

/// No two tests may take the same ids: the engine remembers them, whatever the table.
fn ids() -> Arc<RandomIds> {
    Arc::new(RandomIds::new(Arc::new(SystemClock::default())).unwrap())
}

fn wanted(recipients: usize) -> Notification {
    Notification {
        kind: NotificationKind::ReviewWanted,
        recipients: (0..recipients).map(|number| format!("u-{number:04}").parse().unwrap()).collect(),
        stream: StreamId::from_stored("request/1".to_owned()),
        sequence: 1,
        request: None,
        at: Instant::UNIX_EPOCH,
    }
}

#[tokio::test]
async fn the_topic_keeps_the_laws_of_a_notifier() {
    let (sns, first) = topic().await;
    notifier::every_recipient_is_told_and_nobody_else(&first, |user| sns.count(user)).await;
    let (sns, second) = topic().await;
    notifier::delivering_again_changes_nothing(&second, |user| sns.count(user)).await;
    let (sns, third) = topic().await;
    notifier::another_event_or_kind_is_another_message(&third, |user| sns.count(user)).await;
}

#[tokio::test]
async fn what_is_for_more_people_than_a_message_can_name_comes_in_parts_once_for_each() {
    let (sns, topic) = topic().await;
    topic.deliver(&wanted(450)).await.unwrap();
    topic.deliver(&wanted(1_200)).await.unwrap();
    topic.deliver(&wanted(1_200)).await.unwrap();
    let told = sns.recipients();
    assert_eq!(told.iter().map(Vec::len).collect::<Vec<_>>(), [450, 500, 250]);
    let mut everybody: Vec<_> = told.concat();
    everybody.sort_unstable();
    let expected: Vec<_> = wanted(1_200).recipients.iter().map(ToString::to_string).collect();
    assert_eq!(everybody, expected);
}

#[tokio::test]
async fn what_sns_never_takes_is_told_from_what_it_does_not_take_now() {
    let (sns, topic) = topic().await;
    sns.refuses.store(true, Ordering::SeqCst);
    let never = topic.deliver(&wanted(1)).await.unwrap_err();
    assert!(never.source.is::<Undeliverable>(), "{:?}", never.source);
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let store = Arc::new(support::store(&support::new_table().await));
    let client = crate::front::clients_of(closed).await.sns();
    let nobody = Topic::new(client, TOPIC, store, ids());
    let not_now = nobody.deliver(&wanted(1)).await.unwrap_err();
    assert!(!not_now.source.is::<Undeliverable>(), "{:?}", not_now.source);
}
