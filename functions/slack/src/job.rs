//! What the worker is told to do. It goes as JSON from one invocation to another, so that it only grows.

use chrono::TimeDelta;
use kari_application::one_time::OneTime;
use kari_domain::ids::{AccountId, PermissionSetArn, RequestId};
use kari_domain::request::Decision;
use kari_domain::text::{Comment, Justification, Ticket};
use kari_domain::time::{Instant, Minutes};
use kari_slack::identity::SlackPerson;
use kari_slack::signature::Signed;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// So much later than it came a command is done at most: Lambda keeps one for five minutes, and repeats it.
const DONE_WITHIN: TimeDelta = TimeDelta::minutes(15);

/// A command that Slack brought, verified and not yet done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The same where this hand-over is repeated.
    pub id: Uuid,
    pub by: SlackPerson,
    pub message: SignedMessage,
    pub wish: Wish,
    pub reply: Reply,
}

/// The message that Slack signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedMessage {
    pub signature: String,
    pub until: Instant,
}

/// What somebody wants. NB. Whom it is about and whether they may is found out by the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Wish {
    /// Each id is a request's, or a batch's.
    Review {
        ids: Vec<Uuid>,
        decision: Decision,
        comment: Option<Comment>,
        /// Of a batch what was asked for until then, in milliseconds since 1970: the rest was not before whoever
        /// decided.
        #[serde(default)]
        seen_until: Option<i64>,
    },
    End {
        request: RequestId,
    },
    Submit {
        form: SentForm,
        view: String,
    },
    Home,
}

/// What somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentForm {
    pub accounts: Vec<AccountId>,
    pub permission_set: PermissionSetArn,
    pub duration: Minutes,
    pub start: Option<Instant>,
    pub justification: Option<Justification>,
    pub ticket: Option<Ticket>,
}

/// Where somebody is told what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The channel they pressed something in.
    pub channel: Option<String>,
    /// Whether they pressed it in the App Home, which shows something else then.
    pub home: bool,
    /// The modal they pressed it in.
    pub view: Option<String>,
}

impl Job {
    /// What the message is good for: one command, by whichever invocation.
    pub(crate) fn one_time(&self) -> OneTime {
        OneTime {
            key: format!("slack/{}", self.message.signature),
            use_id: self.id.to_string(),
            // NB. Longer than the signature is good for: what was sent again at its last moment is done after that.
            until: self.message.until + DONE_WITHIN,
        }
    }
}

impl From<Signed> for SignedMessage {
    fn from(signed: Signed) -> Self {
        Self { signature: signed.id, until: signed.until }
    }
}
