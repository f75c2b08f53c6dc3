//! Trying a change of the policies out before it is made.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use kari_application::edit_policies::AnyPolicy;
use kari_application::try_out::{Change, Difference, Reach, Reviewers, Trial, Tried, try_out};
use kari_domain::ids::{AccountId, PermissionSetArn, PolicyId, Target};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::approvers::ApproverDocument;
use super::eligibility::EligibilityDocument;
use super::guardrails::GuardrailDocument;
use super::kind::KindView;
use crate::apart::{ANALYSES, apart};
use crate::documented::TrialProblems;
use crate::eligibility::RequirementOutlook;
use crate::extract::{Body, POLICY_KIB};
use crate::shapes::{Names, Person, Reason};
use crate::signed_in::Administrator;
use crate::{ApiState, Problem};

/// What is asked: who could get this permission set on this account, if the policies were changed?
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrialQuestion {
    #[schema(value_type = String, example = "111122223333")]
    account: AccountId,
    #[schema(value_type = String, example = "arn:aws:sso:::permissionSet/ssoins-7223/ps-a1b2")]
    permission_set: PermissionSetArn,
    /// Left out: how things are.
    change: Option<TrialChange>,
}

/// One change that is only thought of: a policy that is added, or takes the place of the one with its
/// id, by the name its kind has in paths; or a deletion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TrialChange {
    Eligibility(EligibilityDocument),
    Approvers(ApproverDocument),
    Guardrails(GuardrailDocument),
    Delete(TrialDeletion),
}

/// The policy that would be deleted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrialDeletion {
    kind: KindView,
    #[schema(value_type = String, example = "developers-sandbox")]
    id: PolicyId,
}

/// Who could ask and who would approve, before and after.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Trial)]
pub(crate) struct TrialView {
    /// By difference in the order of `counts`, then by name; at most 200.
    people: Vec<TriedView>,
    counts: TrialCounts,
    /// Who must approve where approval is needed, as things are. All of them.
    requirements_before: Vec<RequirementOutlook>,
    /// The same, as it would be.
    requirements_after: Vec<RequirementOutlook>,
    /// When the directory was read.
    directory_synced_at: DateTime<Utc>,
}

/// How many people each difference concerns.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrialCounts {
    gains: usize,
    loses: usize,
    changes: usize,
    keeps: usize,
    refused: usize,
}

/// What it would be for one person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TriedView {
    person: Person,
    difference: DifferenceView,
    /// What they can ask for; `null`: nothing.
    before: Option<ReachView>,
    /// What they could ask for.
    after: Option<ReachView>,
    /// What would stand against asking afterwards, or against asking for longer.
    reasons: Vec<Reason>,
}

/// *gains*: could ask, and cannot now. *loses*: the other way round. *changes*: on other terms.
/// *keeps*: as before. *refused*: named by an eligibility policy, but something stands against it.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = TrialDifference)]
pub(crate) enum DifferenceView {
    Gains,
    Loses,
    Changes,
    Keeps,
    Refused,
}

/// What somebody could ask for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reach)]
pub(crate) struct ReachView {
    max_duration_minutes: u32,
    /// The longest that may be had without approval, if any.
    max_duration_without_approval_minutes: Option<u32>,
    /// Whether any duration needs a ticket.
    ticket_required: bool,
}

/// Try a change out
///
/// Nothing is changed and nothing recorded. A policy that could not be saved is refused as saving it
/// would be.
#[utoipa::path(post, path = "/policies/try", operation_id = "try_policies", tag = "policies",
    request_body = TrialQuestion, responses((status = 200, body = TrialView), TrialProblems))]
pub(crate) async fn try_policies(
    State(api): State<ApiState>,
    _: Administrator,
    Body(question): Body<TrialQuestion, POLICY_KIB>,
) -> Result<Json<TrialView>, Problem> {
    let target = Target { account: question.account, permission_set: question.permission_set };
    let change = question.change.map(Change::from);
    apart(&ANALYSES, async move { try_out(&api.kari, &target, change).await.map(TrialView::from) })
        .await
        .map(Json)
}

impl From<TrialChange> for Change {
    fn from(change: TrialChange) -> Self {
        let put = |policy| Self::Put(Box::new(policy));
        match change {
            TrialChange::Eligibility(policy) => put(AnyPolicy::Eligibility(policy.into())),
            TrialChange::Approvers(policy) => put(AnyPolicy::Approver(policy.into())),
            TrialChange::Guardrails(policy) => put(AnyPolicy::Guardrail(policy.into())),
            TrialChange::Delete(TrialDeletion { kind, id }) => Self::Delete(kind.into(), id),
        }
    }
}

impl From<Trial> for TrialView {
    fn from(trial: Trial) -> Self {
        let names = Names(&trial.snapshot);
        let count = |difference| trial.counts.get(&difference).copied().unwrap_or_default();
        let requirements = |reviewers: &[Reviewers]| {
            let outlook = |r: &Reviewers| RequirementOutlook::new(&r.requirement, &r.people, names);
            reviewers.iter().map(outlook).collect()
        };
        Self {
            people: trial.people.iter().map(|tried| TriedView::new(tried, names)).collect(),
            counts: TrialCounts {
                gains: count(Difference::Gains),
                loses: count(Difference::Loses),
                changes: count(Difference::Changes),
                keeps: count(Difference::Keeps),
                refused: count(Difference::Refused),
            },
            requirements_before: requirements(&trial.reviewers_before),
            requirements_after: requirements(&trial.reviewers_after),
            directory_synced_at: trial.snapshot.synced_at,
        }
    }
}

impl TriedView {
    fn new(tried: &Tried, names: Names<'_>) -> Self {
        Self {
            person: names.person(&tried.user, None),
            difference: tried.difference.into(),
            before: tried.before.as_ref().map(ReachView::from),
            after: tried.after.as_ref().map(ReachView::from),
            reasons: tried.reasons.iter().map(Reason::from).collect(),
        }
    }
}

impl From<Difference> for DifferenceView {
    fn from(difference: Difference) -> Self {
        match difference {
            Difference::Gains => Self::Gains,
            Difference::Loses => Self::Loses,
            Difference::Changes => Self::Changes,
            Difference::Keeps => Self::Keeps,
            Difference::Refused => Self::Refused,
        }
    }
}

impl From<&Reach> for ReachView {
    fn from(reach: &Reach) -> Self {
        Self {
            max_duration_minutes: reach.longest.0,
            max_duration_without_approval_minutes: reach.longest_without_approval.map(|minutes| minutes.0),
            ticket_required: reach.ticket_required,
        }
    }
}
