//! The one evaluation that submission, every review and activation go through.

use super::analysis::{Analysis, AppliedReviews};
use super::compile::CompiledPolicies;
use super::eligibility::EligibilityPolicy;
use super::reason::Reason;
use super::set::{PolicyRef, Versioned};
use super::verdict::{Outcome, Verdict};
use crate::directory::{Account, AccountStatus, LeftOut, PermissionSet, Subject};
use crate::time::{Minutes, SHORTEST_GRANT};

/// What is asked: may this person have this permission set on this account for so long?
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub requester: &'a Subject,
    pub account: &'a Account,
    pub permission_set: &'a PermissionSet,
    pub duration: Minutes,
    pub has_ticket: bool,
}

/// Evaluates every policy that speaks of the question and combines what they say.
///
/// A request is allowed if one enabled eligibility policy covers all of it; among several one
/// without approval decides, then the lowest id. Guardrails only take away. Who must review follows
/// from the closest approver policies and those in addition. Every reason for a refusal is given;
/// where the duration is too long for every policy, the rest is judged by the policy that allows the
/// longest, so that the requester learns at once what else is missing.
pub fn evaluate(policies: &CompiledPolicies, question: &Question<'_>) -> Verdict {
    let analysis = Analysis::of(policies, question.requester, question.account, question.permission_set);
    let deciding = analysis
        .deciding(question.duration)
        .or_else(|| analysis.longest().and_then(|longest| analysis.deciding(longest)));
    let needs_approval = deciding.is_some_and(|d| analysis.needs_approval(&d.policy));
    let (reviews, unreviewable) = match needs_approval.then(|| analysis.reviews()) {
        None => (None, None),
        Some(Ok(reviews)) => (Some(reviews), None),
        Some(Err(reason)) => (None, Some(reason)),
    };
    let mut reasons = circumstances(policies, question);
    reasons.extend(eligibility(&analysis, deciding, question));
    reasons.extend(restrictions(policies, &analysis, question.duration));
    reasons.extend(deciding.and_then(|d| missing_ticket(&analysis, d, question)));
    reasons.extend(unreviewable);
    let outcome = outcome(&analysis, deciding, reviews, reasons);
    Verdict {
        policy_set_version: policies.policy_set().version,
        guardrails: effective_guardrails(&analysis, deciding.map(|d| &d.policy), &outcome, question.duration),
        outcome,
        session_duration_minutes: question.permission_set.session_duration,
    }
}

/// What stands against the request whatever the policies say.
fn circumstances(policies: &CompiledPolicies, question: &Question<'_>) -> Vec<Reason> {
    let accepted = policies.policy_set().settings.requests_accepted;
    let not_accepted = (!accepted).then_some(Reason::RequestsNotAccepted);
    let status = question.account.status;
    let disabled = (!question.requester.enabled).then_some(Reason::RequesterDisabled);
    let inactive = (status != AccountStatus::Active).then_some(Reason::AccountNotActive { status });
    let left_out = question.account.left_out.map(|why| match why {
        LeftOut::KarisOwn => Reason::KarisOwnAccount,
        LeftOut::NotDelegated => Reason::ManagementAccountNotDelegated,
    });
    let short = (question.duration < SHORTEST_GRANT)
        .then_some(Reason::DurationTooShort { shortest_minutes: SHORTEST_GRANT });
    [not_accepted, disabled, inactive, left_out, short].into_iter().flatten().collect()
}

fn eligibility(
    analysis: &Analysis<'_>,
    deciding: Option<&Versioned<EligibilityPolicy>>,
    question: &Question<'_>,
) -> Option<Reason> {
    let Some(deciding) = deciding else {
        return Some(Reason::NoEligibilityPolicy);
    };
    let longest_minutes = analysis.longest()?;
    let policy = || deciding.reference();
    (longest_minutes < question.duration)
        .then(|| Reason::DurationTooLong { longest_minutes, policy: policy() })
}

/// What the setting and the guardrails refuse.
fn restrictions(policies: &CompiledPolicies, analysis: &Analysis<'_>, duration: Minutes) -> Vec<Reason> {
    let longest_minutes = policies.policy_set().settings.maximum_duration_minutes;
    let setting = (duration > longest_minutes).then_some(Reason::MaximumDurationSetting { longest_minutes });
    let forbidden = analysis.forbids.iter().map(|g| Reason::ForbiddenByGuardrail { policy: g.reference() });
    let capped =
        analysis.caps.iter().filter(|(minutes, _)| duration > *minutes).map(|&(minutes, guardrail)| {
            Reason::CappedByGuardrail { policy: guardrail.reference(), minutes }
        });
    setting.into_iter().chain(forbidden).chain(capped).collect()
}

fn missing_ticket(
    analysis: &Analysis<'_>,
    deciding: &Versioned<EligibilityPolicy>,
    question: &Question<'_>,
) -> Option<Reason> {
    let missing = analysis.needs_ticket(&deciding.policy) && !question.has_ticket;
    let policy = || deciding.policy.ticket_required.then(|| deciding.reference());
    missing.then(|| Reason::TicketRequired { policy: policy() })
}

/// The guardrails without which the outcome would be another one, by id.
fn effective_guardrails(
    analysis: &Analysis<'_>,
    deciding: Option<&EligibilityPolicy>,
    outcome: &Outcome,
    duration: Minutes,
) -> Vec<PolicyRef> {
    let asks_for_approval = match outcome {
        Outcome::Ineligible { reasons } => {
            reasons.contains(&Reason::NoApproverPolicy) || reasons.contains(&Reason::TooManyApproverPolicies)
        }
        Outcome::NoApprovalNeeded { .. } => false,
        Outcome::ApprovalNeeded { .. } => true,
    };
    let otherwise_free = asks_for_approval && deciding.is_some_and(|policy| !policy.approval_required);
    let forces = analysis.forces.iter().filter(|_| otherwise_free).copied();
    let caps = analysis.caps.iter().filter(|(minutes, _)| match outcome {
        Outcome::Ineligible { .. } => *minutes < duration,
        Outcome::NoApprovalNeeded { .. } | Outcome::ApprovalNeeded { .. } => {
            analysis.shortens(*minutes, deciding)
        }
    });
    let caps = caps.map(|&(_, guardrail)| guardrail);
    let mut all: Vec<_> =
        analysis.forbids.iter().copied().chain(forces).chain(caps).map(Versioned::reference).collect();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    all
}

fn outcome(
    analysis: &Analysis<'_>,
    deciding: Option<&Versioned<EligibilityPolicy>>,
    reviews: Option<AppliedReviews>,
    reasons: Vec<Reason>,
) -> Outcome {
    let Some(deciding) = deciding.filter(|_| reasons.is_empty()) else {
        return Outcome::Ineligible { reasons };
    };
    let eligibility = deciding.reference();
    let max_duration_minutes = deciding.policy.max_duration_minutes.min(analysis.ceiling());
    match reviews {
        None => Outcome::NoApprovalNeeded { eligibility, max_duration_minutes },
        Some(AppliedReviews { requirements, notify }) => {
            Outcome::ApprovalNeeded { eligibility, max_duration_minutes, requirements, notify }
        }
    }
}
