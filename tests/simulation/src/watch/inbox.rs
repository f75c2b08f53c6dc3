//! What people are told is what happened: one message for each event, of the right kind, and requesters hear of
//! all that concerns them.

use std::collections::BTreeMap;

use kari_application::ports::{Notification, NotificationKind as Kind};
use kari_domain::audit::Envelope;
use kari_domain::ids::UserId;
use kari_domain::request::{Approval, EndCause, Outcome, RequestEvent};

use super::{Record, Watch};

/// Who was told what about which event.
#[derive(Debug, Default)]
pub(super) struct Told(BTreeMap<(UserId, String, u64), Kind>);

impl Watch {
    /// A message was delivered.
    pub fn told(&mut self, notification: &Notification) {
        let line = format!("told {:?} {} {}", notification.kind, notification.stream, notification.sequence);
        self.digest(&line);
        self.tell(|| line.clone());
        for recipient in &notification.recipients {
            let key = (recipient.clone(), notification.stream.to_string(), notification.sequence);
            let earlier = self.told.0.insert(key, notification.kind);
            if earlier.is_some_and(|earlier| earlier != notification.kind) {
                self.violate("one message for each event", line.clone());
            }
        }
        if notification.kind == Kind::RecordsUnreadable {
            // It tells of a stream, not of an event.
            let poisoned = notification.request.is_some_and(|id| self.poisoned.contains(&id));
            if !poisoned && !self.was_damaged(&notification.stream) {
                self.violate("people are told what happened", line);
            }
            return;
        }
        let Some(request) = notification.request.and_then(|id| self.requests.get(&id)) else { return };
        let place = usize::try_from(notification.sequence).unwrap() - 1;
        let Some((_, event)) = request.events.get(place) else { return };
        let requester = &request.state.asked().expect("submitted").submission.requester;
        let to_requester = notification.recipients.contains(requester);
        if told_as(event) != Some(notification.kind) {
            self.violate("people are told what happened", line);
        } else if notification.kind == Kind::ReviewWanted && to_requester {
            self.violate("nobody is asked to review their own request", line);
        } else if notification.kind == Kind::Withdrawn && to_requester {
            self.violate("nobody is told of what they did themselves", line);
        }
    }

    /// All that follows from a record was done, as the relay says: it does not come again.
    pub fn relayed(&mut self, record: &Record) {
        let Ok(envelope) = serde_json::from_str::<Envelope>(&record.bytes) else { return };
        let request = envelope.stream.as_request().and_then(|id| self.requests.get(&id));
        let place = usize::try_from(envelope.sequence).unwrap() - 1;
        let Some((request, (_, event))) = request.and_then(|known| Some((known, known.events.get(place)?)))
        else {
            return;
        };
        let (rule, expected) = match told_as(event) {
            // Those who review, by who may just then.
            None | Some(Kind::ReviewWanted | Kind::Withdrawn) => return,
            Some(Kind::RemovalBlocked | Kind::RemovalOverdue) => {
                ("administrators hear of what is in the way of an end", self.steady_administrators())
            }
            Some(_) => {
                let requester = &request.state.asked().expect("submitted").submission.requester;
                ("requesters hear of what was relayed", vec![requester.clone()])
            }
        };
        let was_told = |user: &UserId| {
            self.told.0.contains_key(&(user.clone(), envelope.stream.to_string(), envelope.sequence))
        };
        if !expected.iter().all(was_told) {
            self.violate(rule, format!("{} {}", envelope.stream, envelope.kind));
        }
    }
}

/// As what people are told of an event, if they are.
fn told_as(event: &RequestEvent) -> Option<Kind> {
    match event {
        RequestEvent::Requested { .. } => Some(Kind::ReviewWanted),
        RequestEvent::Approved { approval: Approval::Reviewers { .. } } => Some(Kind::Approved),
        RequestEvent::Activated {} => Some(Kind::Active),
        RequestEvent::ExpiryWarned {} => Some(Kind::ExpiringSoon),
        RequestEvent::EndBlocked { .. } => Some(Kind::RemovalBlocked),
        RequestEvent::RemovalOverdue {} => Some(Kind::RemovalOverdue),
        RequestEvent::EndStarted { cause: EndCause::ActivationFailed { .. } } => Some(Kind::Failed),
        RequestEvent::Closed { outcome, evidence, .. } => {
            // What was begun and failed was told when it did.
            let told_before = *outcome == Outcome::Failed && evidence.is_some();
            (!told_before).then(|| of_outcome(*outcome))
        }
        // NB. Nobody is told that it ended before it was observed.
        RequestEvent::EndStarted {
            cause:
                EndCause::Expired
                | EndCause::Revoked { .. }
                | EndCause::RemovedOutOfBand
                | EndCause::RequesterDisabled
                | EndCause::Drained,
        }
        | RequestEvent::Approved { approval: Approval::Policy }
        | RequestEvent::Reviewed { .. }
        | RequestEvent::ActivationStarted { .. }
        | RequestEvent::RevocationRequested { .. } => None,
    }
}

fn of_outcome(outcome: Outcome) -> Kind {
    match outcome {
        Outcome::Denied => Kind::Denied,
        Outcome::Withdrawn => Kind::Withdrawn,
        Outcome::Lapsed => Kind::Lapsed,
        Outcome::Failed => Kind::Failed,
        Outcome::Expired => Kind::Expired,
        Outcome::Revoked => Kind::Revoked,
    }
}
