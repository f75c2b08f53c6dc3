//! The channel for machines: one SNS message for each notification, or some of them where it is for very many.
//!
//! The message is one JSON object: `version` (1), `kind`, `recipients` (identity-store user ids), `stream` and
//! `sequence` of the recorded event, `request` (its id, or null) and `at`. The attribute `kind` is there for
//! subscriptions to filter by.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_sns::operation::publish::PublishError;
use aws_sdk_sns::types::MessageAttributeValue;
use chrono::TimeDelta;
use kari_application::ports::{
    Append, AppendError, ClaimChange, EventStore, Ids, Notification, Notifier, Unavailable, Undeliverable,
};
use kari_domain::ids::{AppendId, UserId};
use serde_json::{Value, json};

const VERSION: u32 = 1;
/// How long it is remembered who was told. The stream of the table repeats for a day.
const REMEMBERED_FOR: TimeDelta = TimeDelta::days(30);
/// How many people one message is for: the id of each takes some 50 bytes of the 256 KB that SNS takes.
const MOST_TOLD: usize = 500;
/// How many people one transaction remembers.
const AT_ONCE: usize = 50;

/// A topic that machines subscribe to.
#[derive(Clone)]
pub struct Topic {
    client: aws_sdk_sns::Client,
    arn: Arc<str>,
    store: Arc<dyn EventStore>,
    ids: Arc<dyn Ids>,
}

impl std::fmt::Debug for Topic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Topic").field("arn", &self.arn).finish_non_exhaustive()
    }
}

impl Topic {
    /// The topic of this name; whom it told is kept in the store.
    pub fn new(
        client: aws_sdk_sns::Client,
        arn: impl Into<Arc<str>>,
        store: Arc<dyn EventStore>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { client, arn: arn.into(), store, ids }
    }

    async fn untold(&self, notification: &Notification) -> Result<Vec<UserId>, Unavailable> {
        let recipients = notification.recipients.iter();
        let claims: BTreeMap<_, _> = recipients.map(|user| (claim(notification, user), user)).collect();
        let told = self.store.holders(&claims.keys().cloned().collect(), notification.at).await?;
        let untold = claims.into_iter().filter(|(claim, _)| !told.contains_key(claim));
        Ok(untold.map(|(_, user)| user.clone()).collect())
    }

    async fn publish(&self, notification: &Notification, to: &[UserId]) -> Result<(), Unavailable> {
        let unavailable =
            |error: Box<dyn std::error::Error + Send + Sync>| Unavailable::new("the topic", error);
        let kind = kind(notification);
        let attribute = MessageAttributeValue::builder().data_type("String").string_value(kind).build();
        let publishing = self
            .client
            .publish()
            .topic_arn(&*self.arn)
            .message(document(notification, to).to_string())
            .message_attributes("kind", attribute.map_err(|error| unavailable(error.into()))?);
        let Err(error) = publishing.send().await else { return Ok(()) };
        Err(match error.as_service_error() {
            Some(refused) if is_never_taken(refused) => {
                unavailable(Undeliverable(refused.to_string()).into())
            }
            Some(_) | None => unavailable(error.into()),
        })
    }

    /// NB. After it was published: what fails here is told once more, and nothing is lost.
    async fn remember(&self, notification: &Notification, told: &[UserId]) -> Result<(), Unavailable> {
        let until = Some(notification.at + REMEMBERED_FOR);
        let taken = told.iter().map(|recipient| {
            let key = claim(notification, recipient);
            ClaimChange::Take { key, value: recipient.to_string(), until }
        });
        let taken: Vec<_> = taken.collect();
        for claims in taken.chunks(AT_ONCE) {
            let append = Append {
                id: AppendId(self.ids.fresh()),
                at: notification.at,
                streams: vec![],
                unchanged: vec![],
                items: vec![],
                claims: claims.to_vec(),
            };
            match self.store.append(&append).await {
                // Somebody else told them at the same time.
                Ok(()) | Err(AppendError::Conflict(_)) => {}
                Err(AppendError::Unknown(error) | AppendError::Unavailable(error)) => return Err(error),
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Notifier for Topic {
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        for some in self.untold(notification).await?.chunks(MOST_TOLD) {
            self.publish(notification, some).await?;
            self.remember(notification, some).await?;
        }
        Ok(())
    }
}

/// SNS says so of a message that is too long or has the wrong form.
fn is_never_taken(refused: &PublishError) -> bool {
    refused.is_invalid_parameter_exception() || refused.is_invalid_parameter_value_exception()
}

fn claim(notification: &Notification, recipient: &UserId) -> String {
    let Notification { stream, sequence, .. } = notification;
    format!("told/sns/{}/{sequence}/{recipient}/{stream}", kind(notification))
}

fn kind(notification: &Notification) -> String {
    let kind = serde_json::to_value(notification.kind).unwrap_or_default();
    kind.as_str().unwrap_or_default().to_owned()
}

fn document(notification: &Notification, recipients: &[UserId]) -> Value {
    json!({
        "version": VERSION,
        "kind": notification.kind,
        "recipients": recipients,
        "stream": notification.stream,
        "sequence": notification.sequence,
        "request": notification.request,
        "at": notification.at,
    })
}
