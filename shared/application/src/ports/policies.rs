use std::sync::Arc;

use async_trait::async_trait;
use kari_domain::policy::CompiledPolicies;
use kari_domain::settings::Settings;

use super::Unavailable;

/// The policy set: all policies and the settings, compiled for evaluation.
///
/// Laws: `current` and `settings` reflect every append to the `policies` stream that ended before the call
/// began (they may cache, but ask for the version each time); the version of `current` is that stream's
/// version. What one append changed is given as a whole, never a part of it. A set of which one policy cannot be read
/// is not given at all: that one might be the guardrail that forbids. `settings` is cheap: it reads the settings alone, also where a policy cannot be read.
/// `last_read` is a set that `current` could have given at some time, and never an older one than it has given.
#[async_trait]
pub trait Policies: Send + Sync {
    /// The policy set as it is now.
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable>;
    /// The policy set as it was read last, or as it is now where none was read yet. NB. For nothing but a decision whose
    /// append makes sure of the set's version: there it spares a reading, and what was edited since shows as a conflict.
    async fn last_read(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        self.current().await
    }
    /// Sees to it that whoever has read nothing yet is quick to read the policy set as it is now, where that would take
    /// long. What is given never rests on whether this was done.
    async fn keep_copy(&self) -> Result<(), Unavailable> {
        Ok(())
    }
    /// The settings as they are now, for those who need no policy.
    async fn settings(&self) -> Result<Settings, Unavailable>;
}
