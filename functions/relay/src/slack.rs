//! Slack, told of the same records by a function of its own.
//!
//! *Architecture invariant:* it reads the table's stream beside the relay, never within it. What Slack does not
//! take holds up this function's records, and neither the workflow nor another channel.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::ports::{Unavailable, Workflow};
use kari_application::relay;
use kari_aws::environment::Environment;
use kari_aws::notes::DynamoNotes;
use kari_aws::secrets::secret;
use kari_domain::ids::RequestId;
use kari_slack::delivery::Delivery;
use kari_slack::{NoSecrets, SecretsInUse, Slack};

/// A little longer than a conversation rests after a message.
const A_MOMENT: TimeDelta = TimeDelta::milliseconds(1_200);

/// Why Slack cannot be told of anything.
#[derive(Debug, thiserror::Error)]
pub enum CannotTell {
    #[error("slack is not set up: KARI_SLACK_SECRET is not set")]
    NotSetUp,
    #[error("slack's secret cannot be used")]
    NoSecrets(#[from] NoSecrets),
    #[error("this machine has no certificates by which slack is known")]
    Certificates(#[source] std::io::Error),
}

/// What delivers to Slack in this deployment.
///
/// # Errors
/// [`CannotTell`].
pub async fn delivery(
    kari: &Kari,
    environment: &Environment,
    notes: DynamoNotes,
) -> Result<Arc<Delivery>, CannotTell> {
    let slack = environment.slack.as_ref().ok_or(CannotTell::NotSetUp)?;
    let secrets = SecretsInUse::of(secret(environment, &slack.secret)).await?;
    let client = Slack::new(secrets, slack.api_url.as_deref()).map_err(CannotTell::Certificates)?;
    let workspaces = slack.workspaces.clone();
    Ok(Arc::new(Delivery::new(kari.clone(), client, Arc::new(notes), environment.links(), workspaces)))
}

/// Kari with Slack as its only channel; whatever else follows from a record is the relay's.
pub fn only_slack(kari: &Kari, delivery: &Arc<Delivery>) -> Kari {
    Kari {
        workflow: Arc::new(OfTheRelay),
        notifier: delivery.clone(),
        boards: vec![delivery.clone()],
        ..kari.clone()
    }
}

/// Shows what was put off, as far as Slack takes it now; and a moment later what only rested after the last message.
pub async fn catch_up(kari: &Kari) {
    for pause in [Some(A_MOMENT), None] {
        match (relay::catch_up(kari).await, pause) {
            (Err(error), Some(pause)) if error.is_resting() => kari.clock.sleep(pause).await,
            (Err(error), None) if error.is_resting() => {}
            (Err(error), _) => return tracing::warn!(%error, "what was put off failed; it is repeated"),
            (Ok(()), _) => return,
        }
    }
}

/// The relay starts it.
struct OfTheRelay;

#[async_trait]
impl Workflow for OfTheRelay {
    async fn start(&self, _: RequestId) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn start_end(&self, _: RequestId) -> Result<(), Unavailable> {
        Ok(())
    }
}
