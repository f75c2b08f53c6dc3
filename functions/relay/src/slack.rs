//! Slack, told of the same records by a function of its own.
//!
//! *Architecture invariant:* it reads the table's stream beside the relay, never within it. What Slack does not
//! take holds up this function's records, and neither the workflow nor another channel.

use std::sync::Arc;

use async_trait::async_trait;
use kari_application::Kari;
use kari_application::ports::{Unavailable, Workflow};
use kari_aws::environment::Environment;
use kari_aws::notes::DynamoNotes;
use kari_aws::secrets::secret;
use kari_domain::ids::RequestId;
use kari_slack::delivery::Delivery;
use kari_slack::{MalformedSecrets, Secrets, Slack};

/// Why Slack cannot be told of anything.
#[derive(Debug, thiserror::Error)]
pub enum CannotTell {
    #[error("slack is not set up: KARI_SLACK_SECRET is not set")]
    NotSetUp,
    #[error("slack's secret cannot be used")]
    Malformed(#[from] MalformedSecrets),
    #[error("this machine has no certificates by which slack is known")]
    Certificates(#[source] std::io::Error),
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
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
    let secrets = Secrets::parse(&secret(environment, &slack.secret).await?)?;
    let client = Slack::new(secrets.bot_token, slack.api_url.as_deref()).map_err(CannotTell::Certificates)?;
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
