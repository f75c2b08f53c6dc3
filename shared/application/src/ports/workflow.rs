use async_trait::async_trait;
use kari_domain::ids::RequestId;

use super::Unavailable;

/// Whatever calls `advance` when a request is due: Step Functions, or a timer.
///
/// Laws: starting what is already under way is success. Losing a start costs minutes, never
/// correctness: the reconciler finds everything overdue.
#[async_trait]
pub trait Workflow: Send + Sync {
    /// Starts driving an approved request until it is over.
    async fn start(&self, request: RequestId) -> Result<(), Unavailable>;
    /// Drives the early end of a request that sleeps.
    async fn start_end(&self, request: RequestId) -> Result<(), Unavailable>;
}
