use std::sync::Arc;

use kari_application::Kari;
use kari_application::channels::Channels;
use kari_application::note_undelivered::GivenUp;
use kari_application::notices::Notices;
use kari_application::ports::{
    Assignments, Board, Clock, Directory, Ids, Notes, Notifier, Unavailable, Workflow,
};
use kari_application::reconcile::SaidLast;
use kari_machine::{RandomIds, SystemClock};
use kari_mail::Mail;

use crate::clients::Clients;
use crate::directory::{AwsDirectory, WholeDirectory};
use crate::environment::Environment;
use crate::identity_center::{IdentityCenter, Limit, Limiter, Rate};
use crate::letters::Ses;
use crate::no_right::NoRight;
use crate::notes::DynamoNotes;
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

impl Parts {
    /// The machine's own clock and randomness, with these clients.
    ///
    /// # Errors
    /// [`Unavailable`] if the operating system gives no randomness.
    pub fn of_machine(clients: Clients) -> Result<Self, Unavailable> {
        let clock = Arc::new(SystemClock::default());
        let ids = Arc::new(RandomIds::new(clock.clone())?);
        Ok(Self { clients, clock, ids })
    }
}

/// Kari with every right that it can have on AWS, for whoever looks after a deployment.
///
/// # Errors
/// [`Unavailable`] if the operating system gives no randomness.
pub async fn assemble(environment: &Environment) -> Result<Kari, Unavailable> {
    Ok(assemble_from(environment, Parts::of_machine(Clients::load(environment).await)?))
}

/// The same on these parts.
pub fn assemble_from(environment: &Environment, parts: Parts) -> Kari {
    let aws = Adapters::new(environment, parts);
    Kari {
        directory: aws.whole_directory(),
        assignments: aws.assignments(),
        workflow: aws.workflow(),
        notifier: aws.notifier(),
        boards: aws.boards(),
        ..aws.records()
    }
}

/// The adapters of a deployment. Each is made when it is asked for: the linker leaves out of a program whatever
/// nobody asks for in it.
#[expect(missing_debug_implementations, reason = "ports have none")]
pub struct Adapters<'a> {
    environment: &'a Environment,
    parts: Parts,
    table: Arc<str>,
    store: DynamoStore,
    given_up: GivenUp,
}

impl<'a> Adapters<'a> {
    pub fn new(environment: &'a Environment, parts: Parts) -> Self {
        let table: Arc<str> = environment.table.as_str().into();
        let store =
            DynamoStore::new(parts.clients.dynamodb.clone(), Arc::clone(&table), Arc::clone(&parts.ids));
        Self { environment, parts, table, store, given_up: GivenUp::default() }
    }

    /// What the channels of this Kari give up.
    pub fn given_up(&self) -> GivenUp {
        self.given_up.clone()
    }

    /// Kari with its records, and with no right to anything else.
    pub fn records(&self) -> Kari {
        Kari {
            policies: Arc::new(DynamoPolicies::new(self.store.clone())),
            read_model: Arc::new(DynamoReadModel::new(self.store.clone(), Arc::clone(&self.parts.clock))),
            store: Arc::new(self.store.clone()),
            directory: Arc::new(NoRight),
            assignments: Arc::new(NoRight),
            workflow: Arc::new(NoRight),
            notifier: Arc::new(NoRight),
            boards: vec![],
            clock: Arc::clone(&self.parts.clock),
            ids: Arc::clone(&self.parts.ids),
            roles: self.environment.roles.clone(),
            said_last: SaidLast::default(),
        }
    }

    /// Single people, accounts and permission sets.
    pub fn directory(&self) -> Arc<dyn Directory> {
        Arc::new(self.aws_directory())
    }

    /// The same, and everything at once.
    pub fn whole_directory(&self) -> Arc<dyn Directory> {
        Arc::new(WholeDirectory::new(self.aws_directory(), self.limiter()))
    }

    pub fn assignments(&self) -> Arc<dyn Assignments> {
        let instance = self.environment.identity_center.instance.clone();
        Arc::new(IdentityCenter::new(&self.parts.clients, instance, self.limiter()))
    }

    fn limiter(&self) -> Arc<dyn Limit> {
        let Parts { clients, clock, .. } = &self.parts;
        let (client, table) = (clients.dynamodb.clone(), Arc::clone(&self.table));
        Arc::new(Limiter::new(client, table, Arc::clone(clock), Rate::default()))
    }

    pub fn workflow(&self) -> Arc<dyn Workflow> {
        let client = self.parts.clients.step_functions();
        Arc::new(StepFunctions::new(client, self.environment.state_machine.as_str()))
    }

    /// The channels by which people are told.
    pub fn notifier(&self) -> Arc<dyn Notifier> {
        let mail = self.environment.mail_from.as_deref().map(|from| self.mail(from));
        Arc::new(Channels([Some(self.topic() as Arc<dyn Notifier>), mail].into_iter().flatten().collect()))
    }

    /// Those channels, and a place where Slack's function fetches what no event tells it of.
    pub fn notifier_of_notices(&self) -> Arc<dyn Notifier> {
        let notices = Notices { notes: self.notes(), clock: Arc::clone(&self.parts.clock) };
        Arc::new(Channels(vec![self.notifier(), Arc::new(notices)]))
    }

    /// The channels that hear of every event.
    pub fn boards(&self) -> Vec<Arc<dyn Board>> {
        vec![self.topic()]
    }

    fn topic(&self) -> Arc<Topic> {
        let topic = self.environment.topic.as_str();
        let client = self.parts.clients.sns();
        Arc::new(Topic::new(client, topic, self.records(), self.notes(), self.given_up()))
    }

    fn mail(&self, from: &str) -> Arc<dyn Notifier> {
        let postman = Arc::new(Ses::new(self.parts.clients.ses(), from));
        let links = self.environment.links();
        Arc::new(Mail::new(self.records(), postman, self.notes(), links, self.given_up()))
    }

    fn notes(&self) -> Arc<dyn Notes> {
        Arc::new(DynamoNotes::new(self.store.clone()))
    }

    fn aws_directory(&self) -> AwsDirectory {
        let Parts { clients, clock, .. } = &self.parts;
        AwsDirectory::new(clients, &self.environment.identity_center, Arc::clone(clock))
    }
}
