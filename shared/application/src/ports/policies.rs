use std::sync::Arc;

use async_trait::async_trait;
use kari_domain::policy::CompiledPolicies;

use super::Unavailable;

/// The policy set: all policies and the settings, compiled for evaluation.
///
/// Laws: `current` reflects every append to the `policies` stream that ended before the call began
/// (it may cache, but asks for the version each time); its version is that stream's version. A set of which
/// one policy cannot be read is not given at all: that one might be the guardrail that forbids.
#[async_trait]
pub trait Policies: Send + Sync {
    /// The policy set as it is now.
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable>;
}
