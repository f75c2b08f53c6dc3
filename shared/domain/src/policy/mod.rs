//! Who may have what, and who must agree: policies and their evaluation.
//!
//! Every relevant policy is evaluated, then the results are combined, so order cannot matter. One
//! analysis explains, offers and enforces: start reading at [`evaluate`], which asks
//! [`CompiledPolicies`] for the policies that speak of a question and combines them into a
//! [`Verdict`].

mod analysis;
mod approver;
mod compile;
mod eligibility;
mod evaluate;
mod guardrail;
mod index;
mod matching;
mod reason;
mod review;
mod scope;
mod set;
mod verdict;

pub use approver::{ApproverPolicy, Requirement};
pub use compile::CompiledPolicies;
pub use eligibility::EligibilityPolicy;
pub use evaluate::{Question, evaluate};
pub use guardrail::{Effect, Guardrail};
pub use reason::Reason;
pub use review::{RequirementProgress, can_review, candidates, could_be_met, is_met, progress};
pub use scope::{People, PermissionSets, Principals, Targets};
pub use set::{Policy, PolicyKind, PolicyRef, PolicySet, Versioned};
pub use verdict::{AppliedRequirement, Outcome, Verdict};
