//! A town whose events a topic is told of, and an SNS that takes what is published there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use kari_application::edit_policies::{Editor, change_settings};
use kari_application::note_undelivered::GivenUp;
use kari_application::ports::{Board, News};
use kari_aws::notes::DynamoNotes;
use kari_aws::topic::Topic;
use kari_domain::audit::{Actor, Cause, StreamId, SystemReason};
use kari_domain::ids::UserId;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support;
use crate::town::Town;

const TOPIC: &str = "arn:aws:sns:ap-northeast-1:111122223333:kari";
const TAKEN: &str =
    "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>";

/// What SNS was given: the document, and the attributes beside it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Published {
    pub(super) document: Value,
    pub(super) attributes: BTreeMap<String, String>,
}

#[derive(Default)]
pub(super) struct Sns {
    taken: Mutex<Vec<Published>>,
    /// With which code it refuses whatever comes.
    pub(super) refuses: Mutex<Option<&'static str>>,
}

impl Sns {
    pub(super) fn taken(&self) -> Vec<Published> {
        self.taken.lock().unwrap().clone()
    }

    /// Of which events, by stream and place in it.
    pub(super) fn events(&self) -> Vec<(String, u64)> {
        let of = |published: Published| {
            let event = &published.document["event"];
            (event["stream"].as_str().unwrap().to_owned(), event["sequence"].as_u64().unwrap())
        };
        self.taken().into_iter().map(of).collect()
    }
}

async fn publish(
    State(sns): State<Arc<Sns>>,
    Form(asked): Form<BTreeMap<String, String>>,
) -> (StatusCode, String) {
    assert_eq!((asked["Action"].as_str(), asked["TopicArn"].as_str()), ("Publish", TOPIC));
    if let Some(code) = *sns.refuses.lock().unwrap() {
        let refused = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>No</Message></Error></ErrorResponse>"
        );
        return (StatusCode::BAD_REQUEST, refused);
    }
    let attributes = (1..).map_while(|number| {
        let entry = |what| asked.get(&format!("MessageAttributes.entry.{number}.{what}")).cloned();
        assert!(entry("Value.DataType").is_none_or(|kind| kind == "String"));
        Some((entry("Name")?, entry("Value.StringValue")?))
    });
    let attributes = attributes.collect();
    let document = serde_json::from_str(&asked["Message"]).unwrap();
    sns.taken.lock().unwrap().push(Published { document, attributes });
    (StatusCode::OK, TAKEN.to_owned())
}

/// A town whose events a topic is told of, and the SNS behind it.
pub(super) struct Stage {
    pub(super) town: Town,
    pub(super) sns: Arc<Sns>,
    pub(super) topic: Topic,
    pub(super) given_up: GivenUp,
}

impl Stage {
    pub(super) async fn new() -> Self {
        let sns = Arc::new(Sns::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = crate::front::clients_of(listener.local_addr().unwrap()).await.sns();
        let app = axum::Router::new().route("/", post(publish)).with_state(Arc::clone(&sns));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let stage = Self::calling(client, sns).await;
        stage.turn(true);
        stage
    }

    pub(super) async fn calling(client: aws_sdk_sns::Client, sns: Arc<Sns>) -> Self {
        let notes = Arc::new(DynamoNotes::new(support::store(&support::new_table().await)));
        let (town, given_up) = (Town::new(), GivenUp::default());
        let topic = Topic::new(client, TOPIC, town.kari.clone(), notes, given_up.clone());
        Self { town, sns, topic, given_up }
    }

    pub(super) fn turn(&self, on: bool) {
        let kari = &self.town.kari;
        let before = self.town.run(kari.policies.current()).unwrap().policy_set().clone();
        let mut settings = before.settings.clone();
        settings.channels.sns = on;
        self.town.run(change_settings(kari, &editor(), settings, before.settings_version)).unwrap();
    }

    pub(super) async fn show(&self, event: &Value) {
        self.topic.show(&news(event)).await.unwrap();
    }

    /// How many messages name somebody among those who are told.
    pub(super) fn messages_to(&self, user: &UserId) -> usize {
        let taken = self.sns.taken();
        let told =
            taken.iter().map(|published| published.document["told"][0]["recipients"].as_array().unwrap());
        told.filter(|recipients| recipients.contains(&json!(user))).count()
    }

    /// What is recorded about the topic: destination and code.
    pub(super) fn recorded(&self) -> Vec<Value> {
        let stored = self.town.run(self.town.kari.store.stream(&StreamId::channel("sns"))).unwrap();
        stored.iter().map(|bytes| serde_json::from_str::<Value>(bytes).unwrap()["data"].clone()).collect()
    }
}

fn editor() -> Editor {
    Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator }
}

pub(super) fn news(event: &Value) -> News {
    News { envelope: serde_json::from_value(event.clone()).unwrap(), request: None, told: vec![] }
}
