//! What the worker is told to do. It goes as JSON from one invocation to another, so that it only grows.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kari_application::one_time::OneTime;
use kari_domain::ids::{AccountId, PermissionSetArn, RequestId};
use kari_domain::request::Decision;
use kari_domain::text::{Comment, Justification, Ticket};
use kari_domain::time::{Instant, Minutes};
use kari_slack::delivery::PressedCard;
use kari_slack::identity::{SlackPerson, Stranger};
use kari_slack::signature::{GOOD_FOR, Signed};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long after its signature was good a message is known to be used up: longer than any work on it takes.
const USED_UP_FOR: TimeDelta = TimeDelta::minutes(15);
/// Lambda waits for a minute before it repeats a job, and then for two.
const BEFORE_THE_SECOND_TRY: TimeDelta = TimeDelta::seconds(45);

/// A command that Slack brought, verified and not yet done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The same where this hand-over is repeated.
    pub id: Uuid,
    pub by: SlackPerson,
    pub message: SignedMessage,
    pub wish: Wish,
    pub reply: Reply,
    /// The card that they pressed a button of.
    #[serde(default)]
    pub card: Option<PressedCard>,
}

/// The message that Slack signed, and until when that is good.
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
        /// Of a batch that is approved those that its card named: the rest was not before whoever decided.
        #[serde(default)]
        seen: BTreeSet<RequestId>,
        /// NB. Nobody reads it here. The version before approved of a batch what was asked for until then, and
        /// everything where it was missing: where one of its workers is left, it approves nothing of it. To be taken out
        /// with the next version.
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
    /// Nothing but that the card they pressed a button of shows what is recorded.
    Look,
    /// That it is recorded what somebody wanted who is nobody here: they have their answer.
    Refused {
        command: String,
        /// By the id that their button carried, which may be a batch's.
        request: Option<RequestId>,
        stranger: Stranger,
    },
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

impl Wish {
    /// Whether it changes anything; else whoever wants to see it looks again.
    pub(crate) fn is_command(&self) -> bool {
        match self {
            Self::Review { .. } | Self::End { .. } | Self::Submit { .. } => true,
            Self::Home | Self::Look | Self::Refused { .. } => false,
        }
    }
}

impl Job {
    /// Whether nobody expects it any more: it is done while the signature of its message is good.
    pub(crate) fn is_too_late(&self, now: Instant) -> bool {
        self.message.until < now
    }

    /// Whether no try can have come before this one.
    pub(crate) fn is_first_try(&self, now: Instant) -> bool {
        now < self.message.until - GOOD_FOR + BEFORE_THE_SECOND_TRY
    }

    /// What the message is good for: one command, by whichever invocation.
    pub(crate) fn one_time(&self) -> OneTime {
        OneTime {
            key: format!("slack/{}", self.message.signature),
            use_id: self.id.to_string(),
            // NB. Longer than the signature is good for: what was sent again at its last moment is done after that.
            until: self.message.until + USED_UP_FOR,
        }
    }
}

impl From<Signed> for SignedMessage {
    fn from(signed: Signed) -> Self {
        Self { signature: signed.id, until: signed.until }
    }
}
