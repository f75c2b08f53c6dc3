use kari_domain::policy::PolicyKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A kind of policies, by the name it has in paths.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = PolicyKind)]
pub(crate) enum KindView {
    Eligibility,
    Approvers,
    Guardrails,
}

impl From<KindView> for PolicyKind {
    fn from(kind: KindView) -> Self {
        match kind {
            KindView::Eligibility => Self::Eligibility,
            KindView::Approvers => Self::Approver,
            KindView::Guardrails => Self::Guardrail,
        }
    }
}

impl From<PolicyKind> for KindView {
    fn from(kind: PolicyKind) -> Self {
        match kind {
            PolicyKind::Eligibility => Self::Eligibility,
            PolicyKind::Approver => Self::Approvers,
            PolicyKind::Guardrail => Self::Guardrails,
        }
    }
}
