//! Why a request is refused: a stable code, its parameters and a sentence for the requester.

use serde::{Deserialize, Serialize};

use super::set::PolicyRef;
use crate::directory::AccountStatus;
use crate::time::Minutes;

/// One reason for a refusal. Code and parameters are stored and translated by the portal; codes
/// never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Reason {
    /// By the deployment's setting nobody may ask for anything at present.
    RequestsNotAccepted,
    /// The requester is disabled in the identity store.
    RequesterDisabled,
    /// The account is suspended or closed.
    AccountNotActive { status: AccountStatus },
    /// Kari itself runs in the account: whoever is given access there could change Kari.
    KarisOwnAccount,
    /// It is the management account, where a delegated administrator cannot change assignments.
    ManagementAccountNotDelegated,
    /// No enabled policy lets the requester ask for this permission set on this account.
    NoEligibilityPolicy,
    /// Shorter than any grant may be.
    DurationTooShort { shortest_minutes: Minutes },
    /// Policies allow it, but not for so long; this one allows the longest.
    DurationTooLong { longest_minutes: Minutes, policy: PolicyRef },
    /// Longer than the deployment's setting allows anybody.
    MaximumDurationSetting { longest_minutes: Minutes },
    /// The deciding policy, or without a policy the deployment's setting, asks for a ticket.
    TicketRequired { policy: Option<PolicyRef> },
    /// A guardrail forbids it.
    ForbiddenByGuardrail { policy: PolicyRef },
    /// A guardrail allows less time.
    CappedByGuardrail { policy: PolicyRef, minutes: Minutes },
    /// Approval is needed, and no approver policy says by whom.
    NoApproverPolicy,
    /// More approver policies apply than one request can carry.
    TooManyApproverPolicies,
    /// Fewer people could review than the requirement asks for. `available` does not count those
    /// whom other requirements need.
    NotEnoughReviewers { policy: PolicyRef, needed: u8, available: u8 },
}

impl Reason {
    /// Whether it is about who reviews, and not about what may be asked for. Who was approved needs no
    /// reviewers any more.
    pub fn is_about_reviewers(&self) -> bool {
        match self {
            Self::NoApproverPolicy | Self::TooManyApproverPolicies | Self::NotEnoughReviewers { .. } => true,
            Self::RequesterDisabled
            | Self::AccountNotActive { .. }
            | Self::KarisOwnAccount
            | Self::ManagementAccountNotDelegated
            | Self::NoEligibilityPolicy
            | Self::DurationTooShort { .. }
            | Self::DurationTooLong { .. }
            | Self::MaximumDurationSetting { .. }
            | Self::TicketRequired { .. }
            | Self::ForbiddenByGuardrail { .. }
            | Self::CappedByGuardrail { .. }
            | Self::RequestsNotAccepted => false,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RequestsNotAccepted => "requests-not-accepted",
            Self::RequesterDisabled => "requester-disabled",
            Self::AccountNotActive { .. } => "account-not-active",
            Self::KarisOwnAccount => "karis-own-account",
            Self::ManagementAccountNotDelegated => "management-account-not-delegated",
            Self::NoEligibilityPolicy => "no-eligibility-policy",
            Self::DurationTooShort { .. } => "duration-too-short",
            Self::DurationTooLong { .. } => "duration-too-long",
            Self::MaximumDurationSetting { .. } => "maximum-duration-setting",
            Self::TicketRequired { .. } => "ticket-required",
            Self::ForbiddenByGuardrail { .. } => "forbidden-by-guardrail",
            Self::CappedByGuardrail { .. } => "capped-by-guardrail",
            Self::NoApproverPolicy => "no-approver-policy",
            Self::TooManyApproverPolicies => "too-many-approver-policies",
            Self::NotEnoughReviewers { .. } => "not-enough-reviewers",
        }
    }

    /// What to tell the requester, in English: what is wrong and what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::RequestsNotAccepted => {
                "No requests are accepted at present, and nothing that was approved begins. Ask \
                 an administrator until when."
                    .to_owned()
            }
            Self::RequesterDisabled => {
                "Your user is disabled in the identity store. Ask whoever manages it to enable you."
                    .to_owned()
            }
            Self::AccountNotActive { status } => format!(
                "The account is {}, so nobody can be given access to it. Choose an active account.",
                status_word(*status)
            ),
            Self::KarisOwnAccount => {
                "Kari itself runs in this account, so it gives nobody access to it: whoever had it could give \
                 themselves everything else. Choose another account, or ask whoever operates Kari."
                    .to_owned()
            }
            Self::ManagementAccountNotDelegated => {
                "This is the organization's management account, and AWS lets nobody change who has access \
                 to it from the account that Kari runs in. Choose another one, or ask whoever operates \
                 Kari to give it a role there."
                    .to_owned()
            }
            Self::NoEligibilityPolicy => "No policy lets you ask for this permission set on this account. \
                 Choose another one, or ask an administrator for a policy."
                .to_owned(),
            Self::DurationTooShort { shortest_minutes } => {
                format!("The duration is too short. Ask for at least {}.", in_words(*shortest_minutes))
            }
            Self::DurationTooLong { longest_minutes, policy } => format!(
                "The policy “{}” allows you at most {} here. Ask for a shorter time.",
                policy.name.as_str(),
                in_words(*longest_minutes)
            ),
            Self::MaximumDurationSetting { longest_minutes } => format!(
                "No access may last longer than {}. Ask for a shorter time.",
                in_words(*longest_minutes)
            ),
            Self::TicketRequired { policy: Some(policy) } => {
                format!("The policy “{}” asks for a ticket. Add the ticket's number.", policy.name.as_str())
            }
            Self::TicketRequired { policy: None } => {
                "Every request needs a ticket. Add the ticket's number.".to_owned()
            }
            Self::ForbiddenByGuardrail { policy } => format!(
                "The guardrail “{}” forbids this. If you need it, talk to an administrator.",
                policy.name.as_str()
            ),
            Self::CappedByGuardrail { policy, minutes } => format!(
                "The guardrail “{}” allows at most {} here. Ask for a shorter time.",
                policy.name.as_str(),
                in_words(*minutes)
            ),
            Self::NoApproverPolicy => "This needs approval, but no policy says who may approve it. \
                 Ask an administrator to name approvers."
                .to_owned(),
            Self::TooManyApproverPolicies => "More approver policies apply here than one request can carry. \
                 Ask an administrator to combine some of them."
                .to_owned(),
            Self::NotEnoughReviewers { policy, needed, available } => format!(
                "The policy “{}” asks for {} other than you to approve, but only {available} could. \
                 Ask an administrator to name more reviewers.",
                policy.name.as_str(),
                counted(u32::from(*needed), "person", "people")
            ),
        }
    }
}

fn status_word(status: AccountStatus) -> &'static str {
    match status {
        AccountStatus::Active => "active",
        AccountStatus::Suspended => "suspended",
        AccountStatus::Closed => "closed",
    }
}

fn counted(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A length of time as people say it: `1 hour 30 minutes`.
fn in_words(length: Minutes) -> String {
    let (hours, minutes) = (length.0 / 60, length.0 % 60);
    let parts = [(hours, "hour", "hours"), (minutes, "minute", "minutes")];
    let said: Vec<_> =
        parts.iter().filter(|part| part.0 > 0).map(|&(n, one, many)| counted(n, one, many)).collect();
    if said.is_empty() { "0 minutes".to_owned() } else { said.join(" ") }
}
