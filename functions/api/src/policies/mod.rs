//! Policies: administrators write them, auditors may read them; for everybody else there are none.

pub(crate) mod approvers;
mod edit;
pub(crate) mod eligibility;
pub(crate) mod guardrails;
mod scope;
