//! A new table in DynamoDB's own engine, which the test runner has started.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use chrono::TimeDelta;
use kari_application::ports::Ids;
use kari_aws::store::{DynamoStore, table};
use uuid::Uuid;

/// Where the engine answers.
#[expect(clippy::disallowed_methods, reason = "the test runner says where it has started the engine")]
fn address() -> String {
    std::env::var("KARI_TEST_DYNAMODB")
        .expect("run the tests with cargo nextest: it starts DynamoDB's own engine")
}

pub(crate) fn config() -> aws_sdk_dynamodb::config::Builder {
    aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("ap-northeast-1"))
        .endpoint_url(address())
        .credentials_provider(credentials())
        .retry_config(RetryConfig::disabled())
        .http_client(kari_aws::http_client())
}

pub(crate) fn client() -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::from_conf(config().build())
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new("local", "local", None, None, "test")
}

/// Randomness without any: numbers in a row, and pauses as long as they may be.
#[derive(Debug)]
pub(crate) struct Patient;

impl Ids for Patient {
    fn fresh(&self) -> Uuid {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Uuid::from_u128(NEXT.fetch_add(1, Ordering::Relaxed).into())
    }

    fn jitter(&self, limit: TimeDelta) -> TimeDelta {
        limit
    }
}

/// An empty store; every test process asks for few.
pub(crate) async fn new_store() -> Arc<DynamoStore> {
    Arc::new(store(&new_table().await))
}

pub(crate) async fn new_table() -> String {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let unique = directory.path().file_name().expect("a name").to_string_lossy().replace('.', "");
    let name = format!("kari-{unique}");
    table::create(&client(), &name).await.expect("a new table");
    name
}

pub(crate) fn store(table: &str) -> DynamoStore {
    DynamoStore::new(client(), table, Arc::new(Patient))
}
