//! A real Identity Center for a Kari that is one process, with the credentials and the Region that the AWS
//! CLI would use.

use std::sync::Arc;

use kari_application::ports::{Assignments, Clock, Directory};

use crate::clients::Clients;
use crate::directory::{AwsDirectory, WholeDirectory};
use crate::environment::IdentityCenterIn;
use crate::identity_center::{IdentityCenter, InMemory, Limit, Rate};
use crate::inspect::{self, Instance};
use crate::instance::{InstanceArn, Malformed};

/// What is reached.
#[expect(missing_debug_implementations, reason = "ports have none")]
pub struct Reached {
    pub directory: Arc<dyn Directory>,
    pub assignments: Arc<dyn Assignments>,
    pub at: IdentityCenterIn,
}

/// Why it is not.
#[derive(Debug, thiserror::Error)]
pub enum NotReached {
    #[error("no Region is set: set AWS_REGION to the one of Identity Center, or name it in your profile")]
    NoRegion,
    #[error("{what} does not answer in {region}: {words}")]
    NoAnswer { what: &'static str, region: String, words: String },
    #[error(
        "your credentials see no instance of identity center in {region}: use those of its administrator"
    )]
    None { region: String },
    #[error("your credentials see several instances: name one with --instance: {}", .0.join(" or "))]
    Several(Vec<String>),
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

/// Reaches the instance of this ARN, or else the only one that there is.
///
/// # Errors
/// [`NotReached`].
pub async fn reach(wanted: Option<&InstanceArn>, clock: Arc<dyn Clock>) -> Result<Reached, NotReached> {
    let (clients, region) = Clients::found().await.ok_or(NotReached::NoRegion)?;
    let seen = inspect::instances(&clients).await;
    let no_answer = |what, words| NotReached::NoAnswer { what, region: region.clone(), words };
    let seen = seen.map_err(|words| no_answer("identity center", words))?;
    let Instance { arn, identity_store, .. } = the_one(seen, wanted, &region)?;
    let (instance, identity_store) = (arn.parse::<InstanceArn>()?, identity_store.parse()?);
    // Whoever it was delegated to learns at once that the management account is left out.
    let account = inspect::account(&clients).await.map_err(|words| no_answer("sts", words))?;
    let (karis_own, management_role) = (None, None);
    let at = IdentityCenterIn {
        instance: instance.clone(),
        identity_store,
        region,
        account,
        karis_own,
        management_role,
        key: None,
    };
    let limiter: Arc<dyn Limit> = Arc::new(InMemory::new(Arc::clone(&clock), Rate::default()));
    let directory = AwsDirectory::new(&clients, &at, clock);
    Ok(Reached {
        directory: Arc::new(WholeDirectory::new(directory, Arc::clone(&limiter))),
        assignments: Arc::new(IdentityCenter::new(&clients, instance, limiter)),
        at,
    })
}

fn the_one(
    mut seen: Vec<Instance>,
    wanted: Option<&InstanceArn>,
    region: &str,
) -> Result<Instance, NotReached> {
    seen.retain(|instance| wanted.is_none_or(|wanted| wanted.as_str() == instance.arn));
    match (seen.pop(), seen.as_slice()) {
        (Some(only), []) => Ok(only),
        (None, _) => Err(NotReached::None { region: region.to_owned() }),
        (Some(one), others) => {
            Err(NotReached::Several(others.iter().chain([&one]).map(|i| i.arn.clone()).collect()))
        }
    }
}
