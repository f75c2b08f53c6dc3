use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use kari_application::Kari;
use kari_application::ports::{Clock, Unavailable};
use kari_slack::Slack;
use kari_slack::signature::SigningKey;

use crate::Job;
use crate::who::Lately;

/// What the handlers and the worker work with.
#[derive(Clone)]
pub struct SlackApp {
    pub kari: Kari,
    pub slack: Slack,
    pub key: SigningKey,
    /// The ids of the workspaces whose people may command anything.
    pub workspaces: BTreeSet<String>,
    /// The time that Slack goes by. It is not Kari's where that is a simulated one.
    pub clock: Arc<dyn Clock>,
    /// Kari's own portal, without a slash at its end.
    pub portal_url: String,
    pub hand_over: Arc<dyn HandOver>,
    pub lately: Lately,
}

impl std::fmt::Debug for SlackApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SlackApp").field("kari", &self.kari).finish_non_exhaustive()
    }
}

/// How a command reaches the worker, so that Slack has its answer before it is done.
///
/// Laws: a job that was handed over is done whatever becomes of the call that brought it, and may be done twice. What a
/// stop of the process cuts off, whoever wanted it does again.
#[async_trait]
pub trait HandOver: Send + Sync {
    /// Hands over.
    async fn hand_over(&self, app: &SlackApp, job: Job) -> Result<(), Unavailable>;
}
