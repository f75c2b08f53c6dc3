//! Policies and their evaluation.
/// placeholder until merged
#[derive(Debug)]
pub struct CompiledPolicies;
