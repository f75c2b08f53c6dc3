use std::sync::Arc;

use async_trait::async_trait;
use kari_domain::policy::CompiledPolicies;
use kari_domain::settings::Settings;

use super::Unavailable;

/// The policy set: all policies and the settings, compiled for evaluation.
///
/// Laws: `current` and `settings` reflect every append to the `policies` stream that ended before the call
/// began (they may cache, but ask for the version each time); the version of `current` is that stream's
/// version. A set of which one policy cannot be read is not given at all: that one might be the guardrail
/// that forbids. `settings` is cheap: it reads the settings alone, also where a policy cannot be read.
#[async_trait]
pub trait Policies: Send + Sync {
    /// The policy set as it is now.
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable>;
    /// The settings as they are now, for those who need no policy.
    async fn settings(&self) -> Result<Settings, Unavailable>;
}
