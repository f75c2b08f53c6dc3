//! Policies: administrators write them, auditors may read them; for everybody else there are none.

mod approvers;
mod edit;
mod eligibility;
mod endpoints;
mod guardrails;
mod scope;

pub(crate) use endpoints::routes;
