//! What channels remember, in the one table.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_dynamodb::error::SdkError;
use kari_application::ports::{NewNote, Note, Notes, Unavailable};

use kari_machine::{RandomIds, SystemClock};

use crate::Clients;
use crate::environment::Environment;
use crate::store::row::{self, Row};
use crate::store::{DynamoStore, keys, unavailable};

/// The notes of a deployment.
#[derive(Debug, Clone)]
pub struct DynamoNotes {
    store: DynamoStore,
}

impl DynamoNotes {
    /// The notes of this deployment, with the credentials that this process has.
    ///
    /// # Errors
    /// [`Unavailable`] if the operating system gives no randomness.
    pub fn of(environment: &Environment) -> Result<Self, Unavailable> {
        let clients = Clients::of_function(environment);
        let ids = Arc::new(RandomIds::new(Arc::new(SystemClock::default()))?);
        Ok(Self::new(DynamoStore::new(clients.dynamodb, environment.table.as_str(), ids)))
    }

    /// The notes kept in this store's table.
    pub fn new(store: DynamoStore) -> Self {
        Self { store }
    }
}

const WAS_READ: &str = "revision = :expected";
const IS_NEW: &str = "attribute_not_exists(pk)";

#[async_trait]
impl Notes for DynamoNotes {
    async fn all(&self, group: &str) -> Result<Vec<Note>, Unavailable> {
        let query = self
            .store
            .query()
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", row::text(keys::notes(group)))
            .consistent_read(true);
        Ok(self.store.all(query).await?.iter().filter_map(note).collect())
    }

    async fn one(&self, group: &str, key: &str) -> Result<Option<Note>, Unavailable> {
        Ok(self.store.get(keys::note(group, key)).await?.as_ref().and_then(note))
    }

    async fn write(&self, new: &NewNote<'_>, expected: u64) -> Result<Option<u64>, Unavailable> {
        let revision = expected + 1;
        let mut item = row::key(keys::note(new.group, new.key));
        item.insert("revision".to_owned(), row::number(revision));
        item.insert("body".to_owned(), row::text(new.body));
        item.insert(keys::TIME_TO_LIVE.to_owned(), row::number(new.until.timestamp()));
        let put = self.store.put().set_item(Some(item));
        let put = if expected == 0 {
            put.condition_expression(IS_NEW)
        } else {
            put.condition_expression(WAS_READ).expression_attribute_values(":expected", row::number(expected))
        };
        match put.send().await {
            Ok(_) => Ok(Some(revision)),
            Err(SdkError::ServiceError(error)) if error.err().is_conditional_check_failed_exception() => {
                Ok(None)
            }
            Err(error) => Err(unavailable(error)),
        }
    }

    async fn erase(&self, group: &str, key: &str, expected: u64) -> Result<bool, Unavailable> {
        let delete = self
            .store
            .delete()
            .set_key(Some(row::key(keys::note(group, key))))
            .condition_expression(WAS_READ)
            .expression_attribute_values(":expected", row::number(expected));
        match delete.send().await {
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(error)) if error.err().is_conditional_check_failed_exception() => {
                Ok(false)
            }
            Err(error) => Err(unavailable(error)),
        }
    }
}

/// A row that cannot be read is no note: what it said is said once more.
fn note(row: &Row) -> Option<Note> {
    Some(Note {
        key: keys::key_of_note(row::get(row, keys::SK)?)?,
        revision: row::get_number(row, "revision")?,
        body: row::get(row, "body")?.to_owned(),
    })
}
