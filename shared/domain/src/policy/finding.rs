//! What lint finds: a stable code, its parameters and a sentence for administrators.

use serde::{Deserialize, Serialize};

use super::set::{PolicyKind, PolicyRef};
use crate::ids::AccountId;
use crate::time::Minutes;

/// One thing worth knowing about a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub flaw: Flaw,
    pub kind: PolicyKind,
    pub policy: PolicyRef,
}

impl Finding {
    /// Whether it is the same thing about the same policy, whatever else was changed in the policy.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.flaw, self.kind, &self.policy.id) == (&other.flaw, other.kind, &other.policy.id)
    }
}

/// What is worth knowing. Code and parameters are stored and translated by the portal; codes never
/// change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Flaw {
    /// The policy is switched off.
    Disabled,
    /// It names something that no longer exists, in this field.
    VanishedReference { field: String, id: String },
    /// No enabled person is among its principals.
    NobodyCanUse,
    /// None of its targets is an account to which access can be given.
    ReachesNoAccount,
    /// It allows longer than the setting does.
    LongerThanSetting { own_minutes: Minutes, setting_minutes: Minutes },
    /// Too few enabled people could review.
    QuorumCannotBeMet,
    /// Approval would be needed where no approver policy says by whom: for so many pairs of an account and
    /// a permission set, for instance on this account.
    NoApproverPolicy { pairs: usize, account: AccountId, account_name: String },
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Requests that should be possible are refused.
    Error,
    /// A part of the policy, or all of it, has no effect.
    Warning,
    /// It may well be meant so.
    Info,
}

impl Flaw {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::VanishedReference { .. } => "vanished-reference",
            Self::NobodyCanUse => "nobody-can-use",
            Self::ReachesNoAccount => "reaches-no-account",
            Self::LongerThanSetting { .. } => "longer-than-setting",
            Self::QuorumCannotBeMet => "quorum-cannot-be-met",
            Self::NoApproverPolicy { .. } => "no-approver-policy",
        }
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self {
            Self::QuorumCannotBeMet | Self::NoApproverPolicy { .. } => Severity::Error,
            Self::VanishedReference { .. } | Self::NobodyCanUse | Self::ReachesNoAccount => Severity::Warning,
            Self::Disabled | Self::LongerThanSetting { .. } => Severity::Info,
        }
    }

    /// Whether the directory alone can bring it about, while nobody looks at the policies: a group that is
    /// gone, reviewers who left.
    pub fn comes_by_itself(&self) -> bool {
        match self {
            Self::VanishedReference { .. } | Self::QuorumCannotBeMet => true,
            Self::Disabled
            | Self::NobodyCanUse
            | Self::ReachesNoAccount
            | Self::LongerThanSetting { .. }
            | Self::NoApproverPolicy { .. } => false,
        }
    }

    /// What to tell administrators, in English: what it is and what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::Disabled => "It is disabled and has no effect. Enable it or delete it.".to_owned(),
            Self::VanishedReference { field, id } => {
                format!("In {field} it names {id}, which no longer exists. Remove it.")
            }
            Self::NobodyCanUse => {
                "No enabled person is among its principals. Name somebody or delete it.".to_owned()
            }
            Self::ReachesNoAccount => {
                "None of its targets is an account to which access can be given. Name one or delete it."
                    .to_owned()
            }
            Self::LongerThanSetting { own_minutes: Minutes(own), setting_minutes: Minutes(setting) } => {
                format!(
                    "It allows {own} minutes, but the setting allows nobody more than {setting}. \
                     Shorten one or raise the other."
                )
            }
            Self::QuorumCannotBeMet => {
                "Too few enabled people could review for every quorum to be reached, so every request is \
                 refused. Name more reviewers or lower a quorum."
                    .to_owned()
            }
            Self::NoApproverPolicy { pairs, account, account_name } => format!(
                "Approval is needed, but no approver policy applies, for {pairs} pairs of an account and a \
                 permission set, for instance on {account_name} ({account}). Those requests are refused. \
                 Add an approver policy."
            ),
        }
    }
}
