//! What a function finds in AWS: the table of its deployment, and the people in the identity store.

use std::collections::BTreeMap;
use std::io;
use std::mem;
use std::sync::Arc;

use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use kari_application::edit_policies::{Editable, PolicyEvent};
use kari_application::policy_storage::{policy_key, put_policy, set_body};
use kari_application::ports::{
    Append, Clock, EventStore, Ids, Item, ItemChange, ItemKey, Policies, ReadModel, StreamAppend,
};
use kari_aws::Clients;
use kari_aws::policies::DynamoPolicies;
use kari_aws::read_model::DynamoReadModel;
use kari_aws::store::DynamoStore;
use kari_domain::audit::{Actor, Cause, Head, Stamp, StreamId, SystemReason, seal};
use kari_domain::directory::Snapshot;
use kari_domain::ids::AppendId;
use kari_domain::policy::PolicySet;
use kari_domain::settings::Settings;
use kari_embedded::clock::SystemClock;
use kari_embedded::ids::RandomIds;
use tokio::net::TcpListener;

use crate::aws::router;
use crate::dynamodb::Table;

const REGION: &str = "eu-central-1";

/// A deployment; by default one in which there is nothing. Its clones are the same one.
#[derive(Debug, Clone, Default)]
pub struct Deployed {
    pub(crate) table: Table,
    pub(crate) directory: Arc<Snapshot>,
}

impl Deployed {
    /// One in which this organization was read just now, and these policies were created one after the other and copied,
    /// as the reconciler does it each minute. All of it is written by the adapters that functions have.
    ///
    /// # Errors
    /// If this machine has no port left.
    pub async fn with(organization: &Snapshot, policies: &PolicySet) -> io::Result<Self> {
        let clock = Arc::new(SystemClock::default());
        let directory = Snapshot { synced_at: clock.now(), ..organization.clone() };
        let deployed = Self { table: Table::default(), directory: Arc::new(directory.clone()) };
        let ids = Arc::new(RandomIds::seeded(clock.clone(), 1));
        let store = deployed.store(ids.clone()).await?;
        DynamoReadModel::new(store.clone(), clock.clone()).save(directory).await.expect("it is kept");
        let mut edits = Edits {
            store: store.clone(),
            clock,
            ids,
            settings: &policies.settings,
            head: Head::empty(),
            versions: BTreeMap::new(),
        };
        for guardrail in &policies.guardrails {
            edits.create(&guardrail.policy).await;
        }
        for approver in &policies.approvers {
            edits.create(&approver.policy).await;
        }
        for eligibility in &policies.eligibility {
            edits.create(&eligibility.policy).await;
        }
        DynamoPolicies::new(store).keep_copy().await.expect("it is kept");
        Ok(deployed)
    }

    /// The adapters' store on this table, for as long as there is the runtime that this is called in.
    async fn store(&self, ids: Arc<RandomIds>) -> io::Result<DynamoStore> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        tokio::spawn(axum::serve(listener, router(self.clone())).into_future());
        let config = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .endpoint_url(url)
            .credentials_provider(Credentials::new("bench", "bench", None, None, "bench"))
            .http_client(kari_aws::http_client());
        let clients = Clients::new(&config.load().await, REGION);
        Ok(DynamoStore::new(clients.dynamodb, "kari", ids))
    }
}

/// Edits of the policy set as the use case makes them, which reads all of it anew before each.
struct Edits<'a> {
    store: DynamoStore,
    clock: Arc<SystemClock>,
    ids: Arc<RandomIds>,
    settings: &'a Settings,
    head: Head,
    /// Of each policy.
    versions: BTreeMap<String, u64>,
}

impl Edits<'_> {
    async fn create<P: Editable>(&mut self, policy: &P) {
        let (id, at, stream) = (AppendId(self.ids.fresh()), self.clock.now(), StreamId::policies());
        let actor = Actor::System { reason: SystemReason::Setup };
        let stamp = Stamp { append: id, at, actor, cause: Cause::Operator };
        let event = PolicyEvent::PolicyCreated { policy: policy.clone().any() };
        let (events, head) = seal(&stream, &self.head, &[event], &stamp).expect("an event is written");
        let key = policy_key(P::KIND, policy.id());
        self.versions.insert(key.0.clone(), head.version);
        let created = put_policy(key, policy, head.clone()).expect("a policy is written");
        let body = set_body(self.settings, 0, &self.versions).expect("settings are written");
        let set = Item { key: ItemKey::from(&stream), head: head.clone(), due_at: None, request: None, body };
        let expected = mem::replace(&mut self.head, head);
        let append = Append {
            id,
            at,
            streams: vec![StreamAppend { stream, expected, events }],
            unchanged: vec![],
            items: vec![ItemChange::Put(set), created],
            claims: vec![],
        };
        self.store.append(&append).await.expect("it is kept");
    }
}

#[cfg(test)]
mod tests {
    use kari_domain::policy::Versioned;
    use serde_json::json;

    use super::*;
    use crate::{Size, organization, policy_set};

    fn without_versions<P>(policies: &[Versioned<P>]) -> Vec<&P> {
        policies.iter().map(|versioned| &versioned.policy).collect()
    }

    #[test]
    fn functions_find_the_organization_and_the_policies_that_were_written() {
        let size = Size { users: 20, groups: 5, units: 5, accounts: 20, permission_sets: 3 };
        let organization = organization(size);
        let written = policy_set(&organization, 20);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let deployed = Deployed::with(&organization, &written).await.unwrap();
            let clock = Arc::new(SystemClock::default());
            let store = deployed.store(Arc::new(RandomIds::seeded(clock.clone(), 2))).await.unwrap();
            let policies = DynamoPolicies::new(store.clone()).current().await.unwrap();
            let read = policies.policy_set();
            assert_eq!(read.version, 20 + 2 + 3);
            assert_eq!(read.settings, written.settings);
            assert_eq!(without_versions(&read.eligibility), without_versions(&written.eligibility));
            assert_eq!(without_versions(&read.guardrails), without_versions(&written.guardrails));
            assert_eq!(without_versions(&read.approvers), without_versions(&written.approvers));
            let directory = DynamoReadModel::new(store, clock).load().await.unwrap();
            assert_eq!(directory, deployed.directory);
            assert_eq!(directory.members, organization.members);
            let copy = json!({"Key": {"pk": {"S": "document#policies"}, "sk": {"S": "current"}}});
            assert!(deployed.table.answer("GetItem", &copy).unwrap().contains("parts"), "there is a copy");
        });
    }
}
