//! Kari on AWS, as the command line reaches it.

mod deployment;
mod doctor;
mod fetch;
mod keys;
mod oidc;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use chrono::TimeDelta;
use kari_application::Kari;
use kari_application::note_undelivered::GivenUp;
use kari_application::ports::{Board, Clock, Notes, Notifier};
use kari_aws::one_process::{self, NotReached, Reached};
use kari_aws::topic::Topic;
use kari_aws::{Clients, inspect};

use crate::app;
use crate::cli::{Real, TopicArn};
use crate::data_dir::RealIdentityCenter;
use crate::sign_in::SignIn;

pub(crate) use doctor::examine;

/// After Identity Center did not answer.
const AGAIN: TimeDelta = TimeDelta::seconds(5);

/// A deployment, with the credentials that this process has.
///
/// # Errors
/// If its file cannot be read or understood.
pub(crate) async fn open(file: &Path) -> anyhow::Result<Kari> {
    Ok(kari_aws::assemble(&deployment::read(file)?).await?)
}

/// What AWS calls whoever has the credentials that this process has, for a deployment.
///
/// # Errors
/// If its file cannot be read or understood, or AWS does not say.
pub(crate) async fn caller(file: &Path) -> anyhow::Result<String> {
    let clients = Clients::load(&deployment::read(file)?).await;
    inspect::caller(&clients).await.map_err(anyhow::Error::msg)
}

/// A real Identity Center, for a Kari on this machine. Whoever is patient waits for it to answer. NB. What is due ends
/// as soon as it does, although the machine was up before its network.
///
/// # Errors
/// If it cannot be reached with the credentials that this process has.
pub(crate) async fn reach(real: &Real, clock: Arc<dyn Clock>, patient: bool) -> anyhow::Result<app::Real> {
    let instance =
        real.instance.as_deref().map(str::parse).transpose().context("--instance cannot be used")?;
    let Reached { directory, assignments, at } = loop {
        match one_process::reach(instance.as_ref(), Arc::clone(&clock)).await {
            Err(error @ NotReached::NoAnswer { .. }) if patient => {
                tracing::warn!("access neither begins nor ends yet, it is tried again: {error}");
            }
            reached => break reached?,
        }
        clock.sleep(AGAIN).await;
    };
    let which = RealIdentityCenter {
        instance: at.instance.to_string(),
        identity_store: at.identity_store.as_str().to_owned(),
    };
    let access_portal = format!("https://{}.awsapps.com/start", which.identity_store);
    Ok(app::Real { directory, assignments, which, region: at.region, access_portal })
}

/// A topic that a Kari on this machine publishes to, as what tells and as what shows.
pub(crate) async fn topic(
    arn: &TopicArn,
    kari: Kari,
    notes: Arc<dyn Notes>,
) -> anyhow::Result<(Arc<dyn Notifier>, Arc<dyn Board>)> {
    // What is given up is counted for nobody: here it is in the audit trail and in the log.
    let client = Clients::sns_in(arn.region()).await;
    let topic = Arc::new(Topic::new(client, arn.to_string(), kari, notes, GivenUp::default()));
    let (notifier, board): (Arc<dyn Notifier>, Arc<dyn Board>) = (topic.clone(), topic);
    Ok((notifier, board))
}

/// How people sign in to it.
///
/// # Errors
/// If the issuer cannot be asked, or is not one that can be trusted.
pub(crate) async fn sign_in(real: &Real, clock: Arc<dyn Clock>) -> anyhow::Result<SignIn> {
    let (issuer, client_id) = real.issuer.as_deref().zip(real.client_id.as_deref()).context(MISSING)?;
    let user_claim = real.user_claim.as_ref().context(MISSING)?;
    oidc::sign_in(issuer, client_id, user_claim, clock).await
}

/// The command line does not let it come to this.
const MISSING: &str = "--identity-center aws needs --issuer, --client-id and --user-claim";
