//! Who may have what, and who must agree: policies and their evaluation.
//!
//! Every relevant policy is evaluated, then the results are combined, so order cannot matter. One
//! analysis explains, offers and enforces: start reading at [`evaluate()`], which asks
//! [`CompiledPolicies`] for the policies that speak of a question and combines them into a
//! [`Verdict`].

mod analysis;
mod approver;
mod check;
mod compile;
mod eligibility;
mod evaluate;
mod finding;
mod guardrail;
mod index;
mod layout;
mod lint;
mod matching;
mod offers;
mod reason;
mod references;
mod review;
mod scope;
mod set;
mod verdict;

pub use analysis::{MOST_APPLIED_PEOPLE, MOST_APPLIED_REQUIREMENTS, requirements_for};
pub use approver::{ApproverPolicy, Requirement};
pub use check::{
    HIGHEST_QUORUM, LONGEST_GRANT, MOST_ACCOUNTS, MOST_PEOPLE, MOST_PERMISSION_SETS, MOST_POLICIES,
    MOST_REQUIREMENTS, MOST_REVIEWERS, MOST_UNITS, PolicyProblem, check_approver, check_count,
    check_eligibility, check_guardrail, check_policy_set, check_references,
};
pub use compile::CompiledPolicies;
pub use eligibility::EligibilityPolicy;
pub use evaluate::{Question, evaluate};
pub use finding::{Finding, Flaw, Severity};
pub use guardrail::{Effect, Guardrail};
pub use lint::lint;
pub use offers::{Offer, Offers, Term, offer, offers};
pub use reason::Reason;
pub use references::{Named, Reference, References};
pub use review::{
    RequirementProgress, can_review, candidates, could_be_met, enabled_people, is_met, progress,
    reviews_anything,
};
pub use scope::{People, PermissionSets, Principals, Targets};
pub use set::{Policy, PolicyKind, PolicyRef, PolicySet, Versioned};
pub use verdict::{AppliedRequirement, Outcome, Verdict};
