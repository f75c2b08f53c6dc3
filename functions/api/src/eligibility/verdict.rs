use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use kari_application::explain::{Outlook, Thought, outlook};
use kari_domain::directory::Snapshot;
use kari_domain::ids::{AccountId, PermissionSetArn, Target, UserId};
use kari_domain::policy::{AppliedRequirement, LONGEST_GRANT, Outcome, PolicyRef};
use kari_domain::request::Refusal;
use kari_domain::time::Minutes;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::extract::{At, Params};
use crate::shapes::{Names, Person, PolicyRefView, Reason, WindowView};
use crate::{ApiState, Problem, Problems, SyncedCaller};

/// A request one thinks of making.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GetVerdict {
    #[param(value_type = String, example = "111122223333")]
    account: AccountId,
    #[param(value_type = String, example = "arn:aws:sso:::permissionSet/ssoins-7223/ps-a1b2")]
    permission_set: PermissionSetArn,
    #[param(example = 60)]
    duration_minutes: u32,
    /// When access shall begin; as soon as it is approved if left out.
    #[param(value_type = Option<String>, format = DateTime)]
    start: Option<At>,
    ticket: Option<String>,
}

/// What would come of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerdictView {
    outcome: VerdictOutcome,
    /// Every reason, where it is not possible.
    reasons: Vec<Reason>,
    /// The deciding policy.
    eligibility: Option<PolicyRefView>,
    max_duration_minutes: Option<u32>,
    /// All of them must be met.
    requirements: Vec<RequirementOutlook>,
    /// The guardrails that had an effect.
    guardrails: Vec<PolicyRefView>,
    starts_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    /// Until when a session opened just before the end may last.
    open_sessions_until: DateTime<Utc>,
    /// The window it would make together with access the caller has already.
    joined_window: Option<WindowView>,
}

/// What would come of it: what the policies say, or `refused` where something else is in the way.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum VerdictOutcome {
    Ineligible,
    /// The policies would allow it, but together with what the caller has or has asked for it is too much.
    Refused,
    NoApprovalNeeded,
    ApprovalNeeded,
}

/// A requirement and who could meet it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequirementOutlook {
    policy: PolicyRefView,
    /// How many people must approve.
    quorum: u8,
    /// At most 20 of those who could.
    reviewers: Vec<Person>,
    /// How many could.
    reviewers_count: usize,
}

/// What would come of a request
#[utoipa::path(get, path = "/eligibility/verdict", operation_id = "get_verdict", tag = "eligibility",
    params(GetVerdict), responses((status = 200, body = VerdictView), Problems))]
pub(crate) async fn get_verdict(
    State(api): State<ApiState>,
    me: SyncedCaller,
    Params(query): Params<GetVerdict>,
) -> Result<Json<VerdictView>, Problem> {
    let snapshot = &me.around.snapshot;
    ensure_known(snapshot, &query)?;
    ensure_in_range(query.duration_minutes)?;
    let thought = Thought {
        target: Target { account: query.account, permission_set: query.permission_set },
        start: query.start.map(|at| at.0),
        duration: Minutes(query.duration_minutes),
        has_ticket: query.ticket.is_some_and(|ticket| !ticket.trim().is_empty()),
    };
    let outlook = outlook(&api.kari, &me.caller, &me.around, &thought).await?;
    Ok(Json(VerdictView::new(&outlook, Names(snapshot))))
}

fn ensure_known(snapshot: &Snapshot, query: &GetVerdict) -> Result<(), Refusal> {
    if !snapshot.accounts.contains_key(&query.account) {
        Err(Refusal::UnknownAccount)
    } else if !snapshot.permission_sets.contains_key(&query.permission_set) {
        Err(Refusal::UnknownPermissionSet)
    } else {
        Ok(())
    }
}

fn ensure_in_range(duration_minutes: u32) -> Result<(), Problem> {
    if duration_minutes > LONGEST_GRANT.0 {
        let detail = "the duration may be at most seven days, and less where a policy says so";
        return Err(Problem::malformed("duration-out-of-range", detail));
    }
    Ok(())
}

impl VerdictView {
    fn new(outlook: &Outlook, names: Names<'_>) -> Self {
        let (allowed, eligibility, longest) = decided(&outlook.verdict.outcome);
        Self {
            outcome: if outlook.refusals.is_empty() { allowed } else { refused(&outlook.verdict.outcome) },
            reasons: outlook.refusals.iter().flat_map(Reason::of_refusal).collect(),
            eligibility: eligibility.map(PolicyRefView::from),
            max_duration_minutes: longest.map(|minutes| minutes.0),
            requirements: requirements(outlook, names),
            guardrails: outlook.verdict.guardrails.iter().map(PolicyRefView::from).collect(),
            starts_at: outlook.window.starts_at,
            expires_at: outlook.window.expires_at,
            open_sessions_until: outlook.open_sessions_until,
            joined_window: outlook.joined.map(WindowView::from),
        }
    }
}

fn refused(outcome: &Outcome) -> VerdictOutcome {
    match outcome {
        Outcome::Ineligible { .. } => VerdictOutcome::Ineligible,
        Outcome::NoApprovalNeeded { .. } | Outcome::ApprovalNeeded { .. } => VerdictOutcome::Refused,
    }
}

fn decided(outcome: &Outcome) -> (VerdictOutcome, Option<&PolicyRef>, Option<Minutes>) {
    match outcome {
        Outcome::Ineligible { .. } => (VerdictOutcome::Ineligible, None, None),
        Outcome::NoApprovalNeeded { eligibility, max_duration_minutes } => {
            (VerdictOutcome::NoApprovalNeeded, Some(eligibility), Some(*max_duration_minutes))
        }
        Outcome::ApprovalNeeded { eligibility, max_duration_minutes, .. } => {
            (VerdictOutcome::ApprovalNeeded, Some(eligibility), Some(*max_duration_minutes))
        }
    }
}

fn requirements(outlook: &Outlook, names: Names<'_>) -> Vec<RequirementOutlook> {
    let requirements = outlook.verdict.requirements().iter().zip(&outlook.reviewers);
    requirements.map(|(requirement, people)| RequirementOutlook::new(requirement, people, names)).collect()
}

impl RequirementOutlook {
    /// With those of these people whom one answer has room for.
    pub(crate) fn new(requirement: &AppliedRequirement, people: &BTreeSet<UserId>, names: Names<'_>) -> Self {
        Self {
            policy: (&requirement.policy).into(),
            quorum: requirement.quorum,
            reviewers: names.some_of(people),
            reviewers_count: people.len(),
        }
    }
}
