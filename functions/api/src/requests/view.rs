use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use kari_application::browse::{Seen, Surroundings};
use kari_application::caller::Caller;
use kari_domain::request::{
    AccessRequest, Action, Active, Approval, Asked, Closed, Decision, EndingState, Outcome, Past, Review,
    Window,
};
use kari_domain::time::Minutes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use utoipa::ToSchema;

use super::progress::{RequirementView, requirements, waits_for};
use super::timeline::{EvidenceView, access_stays, until_gone};
use crate::shapes::{AccountView, Names, PermissionSetView, Person, Reason, WindowView};
use crate::{ApiState, PortalConfig};

/// An access request as the caller sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RequestView {
    #[schema(example = "0b8f4c1e-5c0e-8a53-9d1b-3f1f2a6f7c11")]
    id: String,
    /// Shared by requests that were submitted together.
    batch: Option<String>,
    requester: Person,
    account: AccountView,
    permission_set: PermissionSetView,
    state: StateView,
    /// How it ended; only when closed.
    outcome: Option<OutcomeView>,
    /// Why it failed or ended early.
    reason: Option<Reason>,
    /// How the end of access is known; only when closed, and `null` where access never began.
    evidence: Option<EvidenceView>,
    /// Whether the access goes on although the request is closed.
    access_stays: bool,
    /// Why the policies of now would not let it begin, from approved to active; nothing ends by that.
    /// Only for administrators and auditors.
    no_longer_allowed: Vec<Reason>,
    /// When access shall begin; `null`: as soon as it is approved.
    start: Option<DateTime<Utc>>,
    #[schema(example = 60)]
    duration_minutes: u32,
    justification: Option<String>,
    ticket: Option<String>,
    submitted_at: DateTime<Utc>,
    /// If nobody reviewed it by then, it lapses.
    lapses_at: DateTime<Utc>,
    approved_at: Option<DateTime<Utc>>,
    /// From when until when access is granted; fixed when activation starts.
    window: Option<WindowView>,
    /// Until when access would be granted if it began now, or at its start if that is later; only until
    /// activation starts.
    expires_at_if_now: Option<DateTime<Utc>>,
    /// The window it makes together with other grants of the same access.
    joined_window: Option<WindowView>,
    /// Until when an open session may last; until activation, what it would be if it began now. `null`
    /// also where the access stays although the request is closed, so that new sessions can be opened.
    open_sessions_until: Option<DateTime<Utc>>,
    /// When the access was observed in Identity Center.
    activated_at: Option<DateTime<Utc>>,
    /// When its removal began.
    ended_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    approval: Option<ApprovalView>,
    requirements: Vec<RequirementView>,
    reviews: Vec<ReviewView>,
    /// How the removal fares; only while ending.
    removal: Option<RemovalView>,
    /// What the caller may do now.
    actions: Vec<ActionView>,
    /// Whether it waits for the caller's approval, and not only for that of others.
    waits_for_caller: bool,
    /// Where the console opens; only while active, and only for the requester.
    console_url: Option<String>,
}

/// A state of a request's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = RequestState)]
pub(crate) enum StateView {
    Pending,
    Approved,
    Activating,
    Active,
    Ending,
    Closed,
}

/// How a closed request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = RequestOutcome)]
pub(crate) enum OutcomeView {
    Denied,
    Withdrawn,
    Lapsed,
    Failed,
    Expired,
    Revoked,
}

/// What made a request approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ApprovedBy)]
pub(crate) enum ApprovalView {
    Policy,
    Reviewers,
}

/// What the caller may do with a request now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = RequestAction)]
pub(crate) enum ActionView {
    Approve,
    Deny,
    Withdraw,
    Revoke,
}

/// A reviewer's word.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Review)]
pub(crate) struct ReviewView {
    reviewer: Person,
    decision: DecisionView,
    comment: Option<String>,
    at: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Decision)]
pub(crate) enum DecisionView {
    Approve,
    Deny,
}

/// How a removal fares.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Removal)]
pub(crate) struct RemovalView {
    started_at: DateTime<Utc>,
    /// It takes longer than it may; people have been alarmed.
    overdue: bool,
    /// What keeps it from succeeding for now.
    blocked: Option<Reason>,
}

impl From<Outcome> for OutcomeView {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Denied => Self::Denied,
            Outcome::Withdrawn => Self::Withdrawn,
            Outcome::Lapsed => Self::Lapsed,
            Outcome::Failed => Self::Failed,
            Outcome::Expired => Self::Expired,
            Outcome::Revoked => Self::Revoked,
        }
    }
}

impl From<Decision> for DecisionView {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Approve => Self::Approve,
            Decision::Deny => Self::Deny,
        }
    }
}

impl From<&Approval> for ApprovalView {
    fn from(approval: &Approval) -> Self {
        match approval {
            Approval::Policy => Self::Policy,
            Approval::Reviewers { .. } => Self::Reviewers,
        }
    }
}

impl From<&Action> for ActionView {
    fn from(action: &Action) -> Self {
        match action {
            Action::Approve => Self::Approve,
            Action::Deny => Self::Deny,
            Action::Withdraw => Self::Withdraw,
            Action::Revoke => Self::Revoke,
        }
    }
}

/// Who looks, when, and at what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Eye<'a> {
    pub(crate) names: Names<'a>,
    pub(crate) viewer: &'a kari_domain::ids::UserId,
    /// Whether the viewer is told what Identity Center itself said, which is for those who see all.
    sees_all: bool,
    pub(crate) portal: &'a PortalConfig,
    pub(crate) now: DateTime<Utc>,
}

impl<'a> Eye<'a> {
    pub(crate) fn of(api: &'a ApiState, caller: &'a Caller, around: &'a Surroundings) -> Self {
        Self {
            names: Names(&around.snapshot),
            viewer: &caller.user.id,
            sees_all: caller.sees_all(),
            portal: &api.portal,
            now: api.kari.clock.now(),
        }
    }

    /// NB. What Identity Center itself said may name roles and policies of the organization: requesters get
    /// the code's own sentence.
    pub(super) fn detail(self, detail: &str) -> Option<&str> {
        Some(detail).filter(|_| self.sees_all)
    }

    /// A request as this viewer sees it; `None` if it was never submitted.
    pub(crate) fn see(&self, seen: &Seen) -> Option<RequestView> {
        let (request, asked) = (&seen.request, seen.request.asked()?);
        let (submission, names) = (&asked.submission, self.names);
        let grant = request.grant();
        let approved = approved(request);
        let ending = ending(request);
        let closed = closed(request);
        Some(RequestView {
            id: submission.id.to_string(),
            batch: submission.batch.map(|batch| batch.to_string()),
            requester: names.person(&submission.requester, Some(&submission.labels.requester)),
            account: names.account_of(asked),
            permission_set: names.permission_set_of(asked),
            state: state(request)?,
            outcome: closed.map(|closed| closed.outcome.into()),
            reason: self.reason(ending, closed),
            evidence: closed.and_then(|closed| closed.evidence.clone()).map(EvidenceView::from),
            access_stays: access_stays(closed.and_then(|closed| closed.evidence.as_ref())),
            no_longer_allowed: seen.no_longer_allowed.as_ref().map(Reason::each).unwrap_or_default(),
            start: submission.start,
            duration_minutes: submission.duration_minutes.0,
            justification: submission.justification.clone().map(String::from),
            ticket: submission.ticket.clone().map(String::from),
            submitted_at: asked.submitted_at,
            lapses_at: submission.lapses_at,
            approved_at: approved.map(|(_, at)| at),
            window: grant.map(|grant| grant.window.into()),
            expires_at_if_now: self.expires_at_if_now(request, asked),
            joined_window: grant.map_or(asked.joined, |grant| grant.joined).map(Window::into),
            open_sessions_until: self.open_sessions_until(request, asked),
            activated_at: activated_at(request),
            ended_at: ending.map(|ending| ending.started_at),
            closed_at: closed.map(|closed| closed.closed_at),
            approval: approved.map(|(approval, _)| approval.into()),
            requirements: requirements(seen, asked, names),
            reviews: asked.reviews.iter().map(|review| self.review(review)).collect(),
            removal: self.removal(request),
            actions: seen.actions.iter().map(ActionView::from).collect(),
            waits_for_caller: waits_for(seen, names, self.viewer),
            console_url: self.console_url(request, asked),
        })
    }

    fn review(&self, review: &Review) -> ReviewView {
        ReviewView {
            reviewer: self.names.person(&review.reviewer, Some(&review.label)),
            decision: review.decision.into(),
            comment: review.comment.clone().map(String::from),
            at: review.at,
        }
    }

    /// To the minute, upwards, so that an answer stays the same for a while.
    fn expires_at_if_now(&self, request: &AccessRequest, asked: &Asked) -> Option<DateTime<Utc>> {
        let (AccessRequest::Pending(_) | AccessRequest::Approved(_)) = request else { return None };
        let submission = &asked.submission;
        let starts_at = match submission.start.filter(|start| *start > self.now) {
            Some(start) => start,
            None => self.now.duration_round_up(TimeDelta::minutes(1)).unwrap_or(self.now),
        };
        Some(starts_at + submission.duration_minutes.delta())
    }

    /// Before activation by the permission set as it is now: that is what activation will go by.
    fn open_sessions_until(&self, request: &AccessRequest, asked: &Asked) -> Option<DateTime<Utc>> {
        match request {
            AccessRequest::Absent => None,
            AccessRequest::Pending(_) | AccessRequest::Approved(_) => {
                let session = Minutes(self.names.permission_set_of(asked).session_duration_minutes);
                Some(self.expires_at_if_now(request, asked)? + session.delta())
            }
            AccessRequest::Activating(state) => Some(state.grant.open_sessions_until),
            AccessRequest::Active(state) => Some(state.grant.open_sessions_until),
            AccessRequest::Ending(state) => Some(state.grant.open_sessions_until),
            AccessRequest::Closed(state) => until_gone(state.evidence.as_ref(), state.open_sessions_until),
        }
    }

    fn reason(&self, ending: Option<&EndingState>, closed: Option<&Closed>) -> Option<Reason> {
        let before_access = closed.and_then(|closed| closed.reason.as_ref()).map(Reason::from);
        before_access.or_else(|| Reason::of_end(&ending?.cause, |detail| self.detail(detail)))
    }

    /// Only while it lasts; afterwards the timeline tells.
    fn removal(&self, request: &AccessRequest) -> Option<RemovalView> {
        let AccessRequest::Ending(state) = request else { return None };
        let blocked = state.blocked.as_ref();
        let blocked = blocked.map(|(code, detail)| Reason::trouble(*code, self.detail(detail)));
        Some(RemovalView { started_at: state.started_at, overdue: state.overdue, blocked })
    }

    /// NB. A link to the console is for the requester alone.
    fn console_url(&self, request: &AccessRequest, asked: &Asked) -> Option<String> {
        let active = matches!(request, AccessRequest::Active(Active { .. }));
        if !active || asked.submission.requester != *self.viewer {
            return None;
        }
        let portal = self.portal.access_portal_url.as_deref()?.trim_end_matches(['/', '#']);
        let account = &asked.submission.target.account;
        let set = self.names.permission_set_of(asked).name;
        let role = utf8_percent_encode(&set, NON_ALPHANUMERIC);
        Some(format!("{portal}/#/console?account_id={account}&role_name={role}"))
    }
}

fn state(request: &AccessRequest) -> Option<StateView> {
    match request {
        AccessRequest::Absent => None,
        AccessRequest::Pending(_) => Some(StateView::Pending),
        AccessRequest::Approved(_) => Some(StateView::Approved),
        AccessRequest::Activating(_) => Some(StateView::Activating),
        AccessRequest::Active(_) => Some(StateView::Active),
        AccessRequest::Ending(_) => Some(StateView::Ending),
        AccessRequest::Closed(_) => Some(StateView::Closed),
    }
}

fn approved(request: &AccessRequest) -> Option<(&Approval, DateTime<Utc>)> {
    if let Some(grant) = request.grant() {
        return Some((&grant.approval, grant.approved_at));
    }
    match request {
        AccessRequest::Approved(state) => Some((&state.approval, state.approved_at)),
        AccessRequest::Closed(Closed { past: Past::Approved(state), .. }) => {
            Some((&state.approval, state.approved_at))
        }
        AccessRequest::Closed(Closed { past: Past::Pending(_) | Past::Ended(_), .. })
        | AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_) => None,
    }
}

fn ending(request: &AccessRequest) -> Option<&EndingState> {
    match request {
        AccessRequest::Ending(state) => Some(state),
        AccessRequest::Closed(Closed { past: Past::Ended(state), .. }) => Some(state),
        AccessRequest::Closed(Closed { past: Past::Pending(_) | Past::Approved(_), .. })
        | AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_) => None,
    }
}

fn closed(request: &AccessRequest) -> Option<&Closed> {
    match request {
        AccessRequest::Closed(state) => Some(state),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_) => None,
    }
}

fn activated_at(request: &AccessRequest) -> Option<DateTime<Utc>> {
    match request {
        AccessRequest::Active(state) => Some(state.activated_at),
        AccessRequest::Ending(_) | AccessRequest::Closed(_) => ending(request)?.activated_at,
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_) => None,
    }
}
