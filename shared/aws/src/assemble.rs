use std::sync::Arc;

use kari_application::Kari;
use kari_application::ports::{Clock, Ids, Unavailable};
use kari_machine::{RandomIds, SystemClock};

use crate::clients::Clients;
use crate::directory::AwsDirectory;
use crate::environment::Environment;
use crate::identity_center::{IdentityCenter, Limiter, Rate};
use crate::policies::DynamoPolicies;
use crate::read_model::DynamoReadModel;
use crate::store::DynamoStore;
use crate::topic::Topic;
use crate::workflow::StepFunctions;

/// What differs between one Kari on AWS and another.
#[expect(missing_debug_implementations, reason = "ports have none")]
pub struct Parts {
    pub clients: Clients,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

/// Kari as a function on AWS has it. Done once, before the first invocation: clients are dear.
///
/// # Errors
/// [`Unavailable`] if the operating system gives no randomness.
pub async fn assemble(environment: &Environment) -> Result<Kari, Unavailable> {
    let clock = Arc::new(SystemClock::default());
    let ids = Arc::new(RandomIds::new(clock.clone())?);
    let clients = Clients::load(environment).await;
    Ok(assemble_from(environment, Parts { clients, clock, ids }))
}

/// The same on these parts.
pub fn assemble_from(environment: &Environment, parts: Parts) -> Kari {
    let Parts { clients, clock, ids } = parts;
    let table: Arc<str> = environment.table.as_str().into();
    let store = DynamoStore::new(clients.dynamodb.clone(), Arc::clone(&table), Arc::clone(&ids));
    let limiter = Limiter::new(clients.dynamodb.clone(), table, Arc::clone(&clock), Rate::default());
    let topic = environment.topic.as_str();
    let topic = Topic::new(clients.sns.clone(), topic, Arc::new(store.clone()), Arc::clone(&ids));
    let of = &environment.identity_center;
    let directory = AwsDirectory::new(&clients, of, Arc::clone(&clock));
    let assignments = IdentityCenter::new(&clients, of.instance.clone(), Arc::new(limiter));
    Kari {
        policies: Arc::new(DynamoPolicies::new(store.clone())),
        read_model: Arc::new(DynamoReadModel::new(store.clone(), Arc::clone(&clock))),
        store: Arc::new(store),
        directory: Arc::new(directory),
        assignments: Arc::new(assignments),
        workflow: Arc::new(StepFunctions::new(clients.step_functions, environment.state_machine.as_str())),
        notifier: Arc::new(topic),
        clock,
        ids,
        roles: environment.roles.clone(),
    }
}
