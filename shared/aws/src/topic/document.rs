use std::collections::{BTreeMap, BTreeSet};

use kari_application::ports::{News, Notification, NotificationKind, Shown};
use kari_domain::ids::{Target, UserId};
use kari_domain::request::{AccessRequest, Closed, Outcome};
use serde_json::{Value, json};

/// The version of the document; what is only added does not change it. 1 was one message for each notification.
pub const SCHEMA_VERSION: u32 = 2;
/// What SNS takes, attributes included, less some room for those.
const MOST_BYTES: usize = 256 * 1024 - 2 * 1024;
/// How many people are named of those who are told the same: the id of each takes some 50 bytes.
const MOST_TOLD: usize = 500;

/// One message, as `infra/sns.schema.json` has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    body: Value,
    kind: String,
    target: Option<Target>,
}

impl Document {
    /// A recorded event, with what it is about as it is now.
    pub fn of_event(news: &News) -> Self {
        let envelope = &news.envelope;
        let request = news.request.as_ref();
        let asked = request.and_then(|shown| shown.state.asked());
        let target = asked.map(|asked| asked.submission.target.clone());
        let told: Vec<_> = news.told.iter().map(|(kind, people)| told(*kind, people)).collect();
        let body = json!({
            "version": SCHEMA_VERSION,
            "event": {
                "kind": envelope.kind,
                "version": envelope.version,
                "stream": envelope.stream,
                "sequence": envelope.sequence,
                "at": envelope.at,
                "actor": envelope.actor,
                "data": envelope.data,
            },
            "notice": null,
            "request": request.and_then(request_of),
            "told": told,
        });
        let target = target.or_else(|| envelope.stream.as_tuple().map(|tuple| tuple.target));
        Self { body, kind: envelope.kind.clone(), target }.within_bounds()
    }

    /// What people are told although nothing was recorded.
    pub fn of_notice(notification: &Notification) -> Self {
        let Notification { kind, recipients, stream, sequence, at, .. } = notification;
        let recipients = recipients.iter().cloned().collect();
        let body = json!({
            "version": SCHEMA_VERSION,
            "event": null,
            "notice": {"kind": kind, "stream": stream, "sequence": sequence, "at": at},
            "request": null,
            "told": [told(*kind, &recipients)],
        });
        Self { body, kind: name_of(*kind), target: None }
    }

    /// The text of the message.
    pub fn body(&self) -> String {
        self.body.to_string()
    }

    /// What subscriptions filter by.
    pub fn attributes(&self) -> BTreeMap<&'static str, String> {
        let mut all = BTreeMap::from([("kind", self.kind.clone())]);
        if let Some(Target { account, permission_set }) = &self.target {
            all.insert("account", account.to_string());
            all.insert("permission_set", permission_set.to_string());
        }
        all
    }

    /// Whoever wants the data of an event that is too long finds it in the audit trail.
    fn within_bounds(mut self) -> Self {
        if self.body().len() > MOST_BYTES
            && let Some(data) = self.body.pointer_mut("/event/data")
        {
            *data = Value::Null;
        }
        self
    }
}

/// The name of a kind, as the API has it.
pub(super) fn name_of(kind: NotificationKind) -> String {
    let name = serde_json::to_value(kind).unwrap_or_default();
    name.as_str().unwrap_or_default().to_owned()
}

fn told(kind: NotificationKind, people: &BTreeSet<UserId>) -> Value {
    let named: Vec<_> = people.iter().take(MOST_TOLD).collect();
    json!({"kind": kind, "count": people.len(), "recipients": named})
}

fn request_of(shown: &Shown) -> Option<Value> {
    let Shown { state, version } = shown;
    let submission = &state.asked()?.submission;
    let window = state.grant().map(|grant| grant.window);
    Some(json!({
        "id": submission.id,
        "version": version,
        "state": state.name(),
        "outcome": outcome(state),
        "requester": submission.requester,
        "account": submission.target.account,
        "permission_set": submission.target.permission_set,
        "labels": submission.labels,
        "ticket": submission.ticket,
        "window": window,
    }))
}

fn outcome(state: &AccessRequest) -> Option<Outcome> {
    match state {
        AccessRequest::Closed(Closed { outcome, .. }) => Some(*outcome),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_) => None,
    }
}
