//! The event store in one DynamoDB table.
//!
//! *Architecture invariant:* every append is one `TransactWriteItems`: all of it happens, or nothing;
//! and whatever a decision reads, it reads strongly consistently from the table, never from an index.
//!
//! Start reading at [`keys`], then `append`.

mod append;
mod audit;
mod cancelled;
mod catch_up;
mod document;
mod event_store;
mod items;
pub mod keys;
mod patience;
mod read;
mod requests;
pub(crate) mod row;
mod scan;
pub mod table;
mod transaction;

use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use kari_application::ports::{Ids, Unavailable};

pub(crate) use document::Document;
pub(crate) use read::{READINGS, wait};
use row::{Row, key};

/// The store of a deployment.
#[derive(Clone)]
pub struct DynamoStore {
    client: Client,
    table: Arc<str>,
    ids: Arc<dyn Ids>,
}

impl DynamoStore {
    /// The store in this table. `ids` spreads repetitions out.
    pub fn new(client: Client, table: impl Into<Arc<str>>, ids: Arc<dyn Ids>) -> Self {
        Self { client, table: table.into(), ids }
    }

    /// One row, strongly consistently.
    pub(crate) async fn get(&self, row: keys::RowKey) -> Result<Option<Row>, Unavailable> {
        let get = self.client.get_item().table_name(&*self.table).set_key(Some(key(row)));
        let answer = get.consistent_read(true).send().await.map_err(unavailable)?;
        Ok(answer.item)
    }

    pub(crate) fn put(&self) -> PutItemFluentBuilder {
        self.client.put_item().table_name(&*self.table)
    }

    pub(crate) fn delete(&self) -> DeleteItemFluentBuilder {
        self.client.delete_item().table_name(&*self.table)
    }

    pub(crate) fn query(&self) -> QueryFluentBuilder {
        self.client.query().table_name(&*self.table)
    }

    /// The rows of a partition from this one on, up to this sort key.
    pub(crate) fn between(&self, first: keys::RowKey, last: String) -> QueryFluentBuilder {
        self.query()
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", row::text(first.pk))
            .expression_attribute_values(":first", row::text(first.sk))
            .expression_attribute_values(":last", row::text(last))
    }

    /// Every row that a query finds, page by page.
    pub(crate) async fn all(&self, query: QueryFluentBuilder) -> Result<Vec<Row>, Unavailable> {
        query.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await.map_err(unavailable)
    }
}

impl std::fmt::Debug for DynamoStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DynamoStore").field("table", &self.table).finish_non_exhaustive()
    }
}

pub(crate) fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Unavailable {
    Unavailable::new("the store", error)
}
