//! The channel for machines: one SNS message for each recorded event. `document.rs` says what is in it, and
//! `infra/sns.md` says it to those who subscribe.

mod document;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_sns::operation::publish::PublishError;
use aws_sdk_sns::types::MessageAttributeValue;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::note_undelivered::GivenUp;
use kari_application::ports::{
    Board, NewNote, News, Notes, Notification, NotificationKind, Notifier, Shown, Unavailable,
};
use kari_domain::audit::StreamId;

pub use document::{Document, SCHEMA_VERSION};

/// As it is called in the audit trail.
const CHANNEL: &str = "sns";
/// How long it is remembered what was published. The stream of the table repeats for a day.
const REMEMBERED_FOR: TimeDelta = TimeDelta::days(30);

/// A topic that machines subscribe to.
#[derive(Clone)]
pub struct Topic {
    client: aws_sdk_sns::Client,
    arn: Arc<str>,
    /// Kari without this channel.
    kari: Kari,
    notes: Arc<dyn Notes>,
    given_up: GivenUp,
}

impl std::fmt::Debug for Topic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Topic").field("arn", &self.arn).finish_non_exhaustive()
    }
}

impl Topic {
    /// The topic of this name. What it published is in the notes, what it never took in the records of this Kari.
    pub fn new(
        client: aws_sdk_sns::Client,
        arn: impl Into<Arc<str>>,
        kari: Kari,
        notes: Arc<dyn Notes>,
        given_up: GivenUp,
    ) -> Self {
        Self { client, arn: arn.into(), kari, notes, given_up }
    }

    async fn is_on(&self) -> Result<bool, Unavailable> {
        Ok(self.kari.policies.settings().await?.channels.sns)
    }

    /// Publishes this unless it was published before.
    async fn publish_once(
        &self,
        about: &About<'_>,
        document: impl FnOnce() -> Document,
    ) -> Result<(), Unavailable> {
        let (group, key) = about.note();
        if self.notes.one(&group, &key).await?.is_some() {
            return Ok(());
        }
        if !self.publish(&document()).await? {
            return Ok(());
        }
        // NB. After it was published: what fails here is told once more, and nothing is lost.
        let until = self.kari.clock.now() + REMEMBERED_FOR;
        self.notes.write(&NewNote { group: &group, key: &key, body: "", until }, 0).await?;
        Ok(())
    }

    /// Returns whether it was taken. What is never taken is recorded and passed.
    async fn publish(&self, document: &Document) -> Result<bool, Unavailable> {
        let unavailable =
            |error: Box<dyn std::error::Error + Send + Sync>| Unavailable::new("the topic", error);
        let publishing =
            self.client.publish().topic_arn(&*self.arn).message(document.body()).set_message_attributes(
                Some(attributes(document).map_err(|error| unavailable(error.into()))?),
            );
        let Err(error) = publishing.send().await else { return Ok(true) };
        match error.as_service_error().and_then(code_of_what_is_never_taken) {
            Some(code) => {
                self.given_up.give_up(&self.kari, CHANNEL, self.name(), code).await?;
                Ok(false)
            }
            None => Err(unavailable(error.into())),
        }
    }

    /// The topic's own name: the end of its ARN.
    fn name(&self) -> &str {
        self.arn.rsplit(':').next().unwrap_or_default()
    }
}

/// What makes a message another one than any other.
struct About<'a> {
    stream: &'a StreamId,
    sequence: u64,
    /// What it is, where no event was recorded.
    notice: Option<NotificationKind>,
}

impl About<'_> {
    /// The group and the key of the note that it was published.
    fn note(&self) -> (String, String) {
        let notice = self.notice.map(|kind| format!("/{}", document::name_of(kind))).unwrap_or_default();
        (format!("{CHANNEL}/{}", self.stream), format!("{}{notice}", self.sequence))
    }
}

#[async_trait]
impl Board for Topic {
    async fn show(&self, news: &News) -> Result<(), Unavailable> {
        if !self.is_on().await? {
            return Ok(());
        }
        let (stream, sequence) = (&news.envelope.stream, news.envelope.sequence);
        self.publish_once(&About { stream, sequence, notice: None }, || Document::of_event(news)).await
    }

    /// Machines need no reminder.
    async fn remind(&self, _: &Shown) -> Result<(), Unavailable> {
        Ok(())
    }
}

#[async_trait]
impl Notifier for Topic {
    /// Publishes what rests on no recorded event; whatever does is published as that event.
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        if !rests_on_no_event(notification.kind) || !self.is_on().await? {
            return Ok(());
        }
        let Notification { stream, sequence, kind, .. } = notification;
        let about = About { stream, sequence: *sequence, notice: Some(*kind) };
        self.publish_once(&about, || Document::of_notice(notification)).await
    }
}

fn rests_on_no_event(kind: NotificationKind) -> bool {
    match kind {
        NotificationKind::RecordsUnreadable | NotificationKind::DirectoryTooOld => true,
        NotificationKind::ReviewWanted
        | NotificationKind::Approved
        | NotificationKind::Denied
        | NotificationKind::Withdrawn
        | NotificationKind::Lapsed
        | NotificationKind::Active
        | NotificationKind::ExpiringSoon
        | NotificationKind::Failed
        | NotificationKind::Expired
        | NotificationKind::Revoked
        | NotificationKind::RemovalOverdue
        | NotificationKind::RemovalBlocked
        | NotificationKind::PoliciesChanged
        | NotificationKind::PolicyNeedsAttention
        | NotificationKind::DriftFound => false,
    }
}

/// Of a message that is too long or has the wrong form, and of a topic that is gone, or may not be published to,
/// or whose key may not be used: whoever operates it has to see to that, and repeating it until then would hold up
/// what goes elsewhere.
fn code_of_what_is_never_taken(refused: &PublishError) -> Option<&'static str> {
    match refused {
        PublishError::InvalidParameterException(_) => Some("InvalidParameter"),
        PublishError::InvalidParameterValueException(_) => Some("InvalidParameterValue"),
        PublishError::NotFoundException(_) => Some("NotFound"),
        PublishError::AuthorizationErrorException(_) => Some("AuthorizationError"),
        PublishError::KmsAccessDeniedException(_) => Some("KMSAccessDenied"),
        PublishError::KmsDisabledException(_) => Some("KMSDisabled"),
        PublishError::KmsInvalidStateException(_) => Some("KMSInvalidState"),
        PublishError::KmsNotFoundException(_) => Some("KMSNotFound"),
        _ => None,
    }
}

type Attributes = std::collections::HashMap<String, MessageAttributeValue>;

fn attributes(document: &Document) -> Result<Attributes, aws_sdk_sns::error::BuildError> {
    let attribute = |(name, value): (&'static str, String)| {
        let value = MessageAttributeValue::builder().data_type("String").string_value(value).build()?;
        Ok((name.to_owned(), value))
    };
    BTreeMap::into_iter(document.attributes()).map(attribute).collect()
}
