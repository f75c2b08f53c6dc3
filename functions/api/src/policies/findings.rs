//! What is worth knowing about the policies as they are.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use kari_application::policy_findings::policy_findings;
use kari_domain::policy::{Finding, Severity};
use serde::Serialize;
use utoipa::ToSchema;

use super::kind::KindView;
use crate::apart::{ANALYSES, apart};
use crate::shapes::{PolicyRefView, Reason};
use crate::signed_in::Overseer;
use crate::{ApiState, Problem, Problems};

/// Everything found about the policies.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyFindings {
    /// What matters most first, then by policy. Empty: nothing is wrong.
    items: Vec<FindingView>,
    /// When the directory was read that the policies were held against.
    directory_synced_at: DateTime<Utc>,
}

/// One thing worth knowing about a policy.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PolicyFinding)]
pub(crate) struct FindingView {
    severity: FindingSeverity,
    kind: KindView,
    policy: PolicyRefView,
    what: Reason,
}

/// *error*: requests that should be possible are refused. *warning*: a part of the policy has no effect.
/// *info*: it may well be meant so.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FindingSeverity {
    Error,
    Warning,
    Info,
}

/// What is worth knowing about the policies
#[utoipa::path(get, path = "/policies/findings", operation_id = "list_policy_findings", tag = "policies",
    responses((status = 200, body = PolicyFindings), Problems))]
pub(crate) async fn list_policy_findings(
    State(api): State<ApiState>,
    _: Overseer,
) -> Result<Json<PolicyFindings>, Problem> {
    let mut found = apart(&ANALYSES, async move { policy_findings(&api.kari).await }).await?;
    // A stable sort: within a severity they stay by policy.
    found.findings.sort_by_key(|finding| finding.flaw.severity());
    let items = found.findings.iter().map(FindingView::from).collect();
    Ok(Json(PolicyFindings { items, directory_synced_at: found.snapshot.synced_at }))
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        Self {
            severity: finding.flaw.severity().into(),
            kind: finding.kind.into(),
            policy: (&finding.policy).into(),
            what: (&finding.flaw).into(),
        }
    }
}

impl From<Severity> for FindingSeverity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Info => Self::Info,
        }
    }
}
