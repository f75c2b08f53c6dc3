//! Every request, replayed event by event.

use kari_application::ports::StreamAppend;
use kari_domain::audit::{Envelope, Head, StreamId, parse};
use kari_domain::ids::{RequestId, Tuple};
use kari_domain::request::{AccessRequest, Approval, Outcome, RequestEvent, RequestState, Window, evolve};
use kari_domain::time::{ACTIVATION_DEADLINE, Instant};

use std::collections::BTreeSet;

use super::Watch;
use crate::coverage::Struck;
use crate::tasks::TaskId;

/// What is known of a request.
#[derive(Debug)]
pub struct RequestWatch {
    /// The assignment it is about.
    pub tuple: Tuple,
    pub state: AccessRequest,
    pub events: Vec<(Instant, RequestEvent)>,
    /// As it was fixed when access began.
    pub window: Option<Window>,
    /// Since when it is in its state.
    pub since: Instant,
    /// When it stopped being pending or approved.
    pub open_until: Option<Instant>,
}

impl RequestWatch {
    /// Whether it holds access or is about to.
    pub fn holds(&self) -> bool {
        // Whoever is revoked leaves in the same append.
        matches!(self.state, AccessRequest::Activating(_) | AccessRequest::Active(_))
            && self.revoked_at().is_none()
    }

    /// Whether its access begins, is there, ends, or may begin at any moment.
    pub(super) fn needs_identity_center(&self) -> bool {
        match &self.state {
            AccessRequest::Absent | AccessRequest::Pending(_) | AccessRequest::Closed(_) => false,
            AccessRequest::Approved(_)
            | AccessRequest::Activating(_)
            | AccessRequest::Active(_)
            | AccessRequest::Ending(_) => true,
        }
    }

    /// Whether it is pending or approved, and something can become of it yet: what cannot be read any
    /// more stays what it was for ever.
    fn is_open(&self, now: Instant) -> bool {
        let asked = self.state.asked().filter(|_| self.state.claims_target());
        asked.is_some_and(|asked| {
            let lapses_at = asked.submission.lapses_at;
            let begins_before = asked.submission.start.map_or(lapses_at, |start| start.max(lapses_at));
            now < begins_before + ACTIVATION_DEADLINE
        })
    }

    /// Whether nothing more will happen.
    pub fn is_closed(&self) -> bool {
        matches!(self.state, AccessRequest::Closed(_))
    }

    /// When somebody first asked for its end.
    pub(super) fn revoked_at(&self) -> Option<Instant> {
        self.events.iter().find(|(_, event)| event.name() == "revocation-requested").map(|(at, _)| *at)
    }

    /// How many times an event of this kind was recorded.
    pub(super) fn count(&self, kind: &str) -> usize {
        self.events.iter().filter(|(_, event)| event.name() == kind).count()
    }
}

impl Watch {
    pub(super) fn request_appended(&mut self, append: &StreamAppend, task: TaskId) {
        let id = append.stream.as_request().expect("a request's stream");
        let struck = self.struck(append, task);
        for sealed in &append.events {
            let envelope: Envelope = serde_json::from_str(&sealed.bytes).unwrap();
            let Ok(event) = parse::<RequestEvent>(&envelope) else {
                self.cannot_be_read(id);
                continue;
            };
            self.tell(|| format!("{id} {} {}", event.name(), brief(&event)));
            self.request_evolved(id, envelope.at, &event, (task, &struck));
        }
        self.check_claims(id);
    }

    /// Nobody here can read this request any more.
    fn cannot_be_read(&mut self, id: RequestId) {
        self.poisoned.insert(id);
        let known = self.requests.get(&id);
        let in_force = |state: &_| matches!(state, AccessRequest::Activating(_) | AccessRequest::Active(_));
        if known.is_some_and(|known| in_force(&known.state) && known.revoked_at().is_some()) {
            self.coverage.count("a request could not be read any more between its revocation and its end");
        }
    }

    /// What struck a request since it was last written, or before it was.
    fn struck(&mut self, append: &StreamAppend, task: TaskId) -> BTreeSet<Struck> {
        let first = append.events.first().filter(|_| append.expected == Head::empty());
        let envelope: Option<Envelope> = first.and_then(|sealed| serde_json::from_str(&sealed.bytes).ok());
        match envelope.as_ref().and_then(|envelope| parse::<RequestEvent>(envelope).ok()) {
            Some(RequestEvent::Requested { submission, .. }) => {
                let ledger = StreamId::ledger(&submission.tuple());
                self.coverage.struck_anew(append.stream.as_str(), task, ledger.as_str())
            }
            Some(_) | None => self.coverage.struck(append.stream.as_str()),
        }
    }

    fn request_evolved(
        &mut self,
        id: RequestId,
        at: Instant,
        event: &RequestEvent,
        (task, struck): (TaskId, &BTreeSet<Struck>),
    ) {
        let before = self.requests.get(&id).map_or(AccessRequest::Absent, |known| known.state.clone());
        self.coverage.of_request(RequestState::from(&before), event.into(), struck);
        let Ok(after) = evolve(before.clone(), at, event) else {
            return self.violate("recorded events can be replayed", format!("{id} {}", event.name()));
        };
        let now = self.now;
        let known = self.requests.entry(id).or_insert_with(|| RequestWatch {
            tuple: after.asked().expect("it was submitted").submission.tuple(),
            state: AccessRequest::Absent,
            events: vec![],
            window: None,
            since: now,
            open_until: None,
        });
        if known.state.name() != after.name() {
            known.since = now;
        }
        if before.claims_target() && !after.claims_target() {
            known.open_until = Some(now);
        }
        known.state = after;
        known.events.push((at, event.clone()));
        self.check_event(id, &before, event, at, task);
        self.check_end_never_moves(id);
    }

    fn check_event(
        &mut self,
        id: RequestId,
        before: &AccessRequest,
        event: &RequestEvent,
        at: Instant,
        task: TaskId,
    ) {
        let single = self.requests[&id].count(event.name());
        let once = !matches!(
            event,
            RequestEvent::Reviewed { .. }
                | RequestEvent::EndBlocked { .. }
                | RequestEvent::RevocationRequested { .. }
        );
        if once && single > 1 {
            self.violate("one thing happens once", format!("{id} {}", event.name()));
        }
        match event {
            RequestEvent::Approved { approval } => self.check_approval(id, approval, task),
            RequestEvent::ActivationStarted { window, .. } => {
                self.requests.get_mut(&id).expect("known").window = Some(*window);
                self.check_activation(id, before, window, at, task);
            }
            RequestEvent::Activated {} => self.check_observed_present(id, at),
            RequestEvent::EndStarted { cause } => self.check_cause(id, cause, at),
            RequestEvent::EndBlocked { code, .. } => self.coverage.count(format!("blocked: {code}")),
            RequestEvent::Closed { evidence, outcome, .. } => {
                self.check_closing(id, before, evidence.as_ref(), at);
                if *outcome == Outcome::Lapsed
                    && before.asked().is_some_and(|asked| at < asked.submission.lapses_at)
                {
                    self.violate("nothing lapses early", format!("{id}"));
                }
            }
            RequestEvent::Requested { submission, .. } => {
                if submission.lapses_at <= at {
                    self.violate("a request can be reviewed", format!("{id}"));
                }
            }
            RequestEvent::Reviewed { review } => {
                let asked = before.asked().expect("submitted");
                if review.reviewer == asked.submission.requester {
                    self.violate("nobody reviews their own request", format!("{id}"));
                }
                if at >= asked.submission.lapses_at {
                    self.violate("nothing is reviewed after it lapsed", format!("{id}"));
                }
                self.check_reviewer(id, asked, &review.reviewer, task);
            }
            RequestEvent::ExpiryWarned {}
            | RequestEvent::RevocationRequested { .. }
            | RequestEvent::RemovalOverdue {} => {}
        }
    }

    fn check_end_never_moves(&mut self, id: RequestId) {
        let known = &self.requests[&id];
        let (fixed, tuple) = (known.window, known.tuple.clone());
        let told = known.state.grant().map(|grant| grant.window);
        if told.is_some() && told != fixed {
            self.violate("the end never moves", format!("{id} {fixed:?} {told:?}"));
        }
        let Some(window) = fixed else { return };
        let held_until = self.ledgers.get(&tuple).and_then(|known| known.ledger.holders.get(&id)).copied();
        if held_until.is_some_and(|until| until != window.expires_at) {
            self.violate("request and ledger agree on the end", format!("{id}"));
        }
    }

    /// Right before access begins everything is judged afresh, and not too late.
    fn check_activation(
        &mut self,
        id: RequestId,
        before: &AccessRequest,
        window: &Window,
        at: Instant,
        task: TaskId,
    ) {
        let AccessRequest::Approved(approved) = before else {
            return self.violate("only what is approved begins", format!("{id} {}", before.name()));
        };
        let submission = &approved.asked.submission;
        let due = submission.start.map_or(approved.approved_at, |start| start.max(approved.approved_at));
        if at < due {
            self.violate("nothing begins early", format!("{id}"));
        }
        if at >= due + ACTIVATION_DEADLINE {
            self.violate("nothing begins when nobody needs it any more", format!("{id} due {due}"));
        }
        let duration = submission.duration_minutes.delta();
        if window.expires_at - window.starts_at != duration || window.starts_at > at {
            self.violate("the window is as long as was approved", format!("{id} {window:?}"));
        }
        let by_policy = approved.approval == Approval::Policy;
        self.check_still_allowed(id, by_policy, task);
    }

    /// At most one request of a person for a target is pending or approved.
    fn check_claims(&mut self, id: RequestId) {
        let Some(known) = self.requests.get(&id).filter(|known| known.is_open(self.now)) else { return };
        let tuple = known.tuple.clone();
        let open = self.requests.values().filter(|other| other.is_open(self.now) && other.tuple == tuple);
        if open.count() > 1 {
            self.violate("one open request for each target", format!("{id}"));
        }
    }
}

fn brief(event: &RequestEvent) -> String {
    match event {
        RequestEvent::Requested { submission, .. } => {
            let target = &submission.target;
            format!(
                "{} {} {} {:?}",
                submission.requester, target.account, target.permission_set, submission.start
            )
        }
        RequestEvent::Closed { outcome, evidence, reason, .. } => {
            format!("{outcome:?} {evidence:?} {reason:?}")
        }
        RequestEvent::EndStarted { cause } => format!("{cause:?}"),
        RequestEvent::ActivationStarted { window, .. } => format!("until {}", window.expires_at),
        RequestEvent::Approved { approval } => format!("{approval:?}"),
        RequestEvent::Reviewed { review } => format!("{} {:?}", review.reviewer, review.decision),
        RequestEvent::EndBlocked { code, .. } => code.to_string(),
        RequestEvent::Activated {}
        | RequestEvent::ExpiryWarned {}
        | RequestEvent::RevocationRequested { .. }
        | RequestEvent::RemovalOverdue {} => String::new(),
    }
}
