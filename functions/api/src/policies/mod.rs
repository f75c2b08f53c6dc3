//! Policies: administrators write them, auditors may read them; for everybody else there are none.

mod approvers;
mod edit;
mod eligibility;
mod endpoints;
mod findings;
mod guardrails;
mod kind;
mod scope;
mod try_out;

pub(crate) use endpoints::routes;
