use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use kari_application::Kari;
use kari_application::ports::{Clock, Unavailable};
use kari_slack::delivery::Delivery;
use kari_slack::{SecretsInUse, Slack};

use crate::Job;
use crate::who::Lately;

/// Slack as it is set up for a Kari: one client, whoever uses it.
#[derive(Clone, Debug)]
pub struct SetUp {
    pub slack: Slack,
    pub secrets: SecretsInUse,
    /// The ids of the workspaces whose people may command anything.
    pub workspaces: BTreeSet<String>,
}

/// Why Slack cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("slack cannot be called")]
pub struct NotSetUp(#[from] std::io::Error);

impl SetUp {
    /// By these secrets, for people of these workspaces; `api_url` is for another Slack than the real one.
    ///
    /// # Errors
    /// [`NotSetUp`].
    pub fn new(
        secrets: SecretsInUse,
        workspaces: BTreeSet<String>,
        api_url: Option<&str>,
    ) -> Result<Self, NotSetUp> {
        Ok(Self { slack: Slack::new(secrets.clone(), api_url)?, secrets, workspaces })
    }
}

/// What the handlers and the worker work with.
#[derive(Clone)]
pub struct SlackApp {
    pub kari: Kari,
    pub slack: Slack,
    pub secrets: SecretsInUse,
    /// The ids of the workspaces whose people may command anything.
    pub workspaces: BTreeSet<String>,
    /// The time that Slack goes by. It is not Kari's where that is a simulated one.
    pub clock: Arc<dyn Clock>,
    /// Kari's own portal, without a slash at its end.
    pub portal_url: String,
    pub hand_over: Arc<dyn HandOver>,
    /// What keeps cards as their requests are.
    pub delivery: Arc<Delivery>,
    pub lately: Lately,
}

impl SlackApp {
    /// Slack for this Kari. `clock` is the time that Slack goes by, `portal_url` where Kari's own portal is.
    pub fn new(
        kari: Kari,
        SetUp { slack, secrets, workspaces }: SetUp,
        delivery: Arc<Delivery>,
        clock: Arc<dyn Clock>,
        portal_url: &str,
        hand_over: Arc<dyn HandOver>,
    ) -> Self {
        let portal_url = portal_url.trim_end_matches('/').to_owned();
        let lately = Lately::default();
        Self { kari, slack, secrets, workspaces, clock, portal_url, hand_over, delivery, lately }
    }
}

impl std::fmt::Debug for SlackApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SlackApp").field("kari", &self.kari).finish_non_exhaustive()
    }
}

/// How a command reaches the worker, so that Slack has its answer before it is done.
///
/// Laws: a job that was handed over is done whatever becomes of the call that brought it, and may be done twice.
#[async_trait]
pub trait HandOver: Send + Sync {
    /// Hands over.
    async fn hand_over(&self, app: &SlackApp, job: Job) -> Result<(), Unavailable>;

    /// Whether a job that is [`Unfinished`](crate::Unfinished) is done again by itself. Where it is not, whoever wanted
    /// it is told at once, and does it again.
    fn repeats(&self) -> bool;
}
