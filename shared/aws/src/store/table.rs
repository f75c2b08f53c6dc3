//! The table as `infra/template.yaml` makes it, for tests against DynamoDB's own engine.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use kari_application::ports::Unavailable;

use super::keys::{self, Index};
use super::unavailable;

/// Every index, and whether it holds whole rows or keys only.
pub const INDEXES: [(Index, bool); 6] = [
    (keys::DUE, false),
    (keys::ITEMS, false),
    (keys::ALL, true),
    (keys::WHO, true),
    (keys::WHAT, true),
    (keys::WHERE, true),
];

/// Makes an empty table.
///
/// # Errors
/// [`Unavailable`] if it cannot be made.
pub async fn create(client: &Client, name: &str) -> Result<(), Unavailable> {
    let mut table = client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    for (attribute, kind) in [(keys::PK, KeyType::Hash), (keys::SK, KeyType::Range)] {
        table = attributes(table, attribute)?.key_schema(key(attribute, kind)?);
    }
    table = attributes(table, keys::PLACE)?;
    for (index, whole) in INDEXES {
        table = attributes(table, index.partition)?;
        if ![keys::PLACE, keys::SK].contains(&index.sort) {
            table = attributes(table, index.sort)?;
        }
        let projected = if whole { ProjectionType::All } else { ProjectionType::KeysOnly };
        let index = GlobalSecondaryIndex::builder()
            .index_name(index.name)
            .key_schema(key(index.partition, KeyType::Hash)?)
            .key_schema(key(index.sort, KeyType::Range)?)
            .projection(Projection::builder().projection_type(projected).build());
        table = table.global_secondary_indexes(index.build().map_err(unavailable)?);
    }
    table.send().await.map(|_| ()).map_err(unavailable)
}

fn attributes(table: CreateTableFluentBuilder, name: &str) -> Result<CreateTableFluentBuilder, Unavailable> {
    let text = AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
    Ok(table.attribute_definitions(text.build().map_err(unavailable)?))
}

fn key(attribute: &str, kind: KeyType) -> Result<KeySchemaElement, Unavailable> {
    KeySchemaElement::builder().attribute_name(attribute).key_type(kind).build().map_err(unavailable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deployed_table_has_the_same_indexes() {
        let template = include_str!("../../../../infra/template.yaml");
        for (Index { name, partition, sort }, whole) in INDEXES {
            let projection = if whole { "ALL" } else { "KEYS_ONLY" };
            let described = format!(
                "        - IndexName: {name}
          KeySchema:
            - {{ AttributeName: {partition}, KeyType: HASH }}
            - {{ AttributeName: {sort}, KeyType: RANGE }}
          Projection: {{ ProjectionType: {projection} }}
"
            );
            assert!(template.contains(&described), "{name}");
        }
        assert_eq!(template.matches("IndexName: ").count(), INDEXES.len());
        assert!(template.contains(&format!("AttributeName: {}\n", keys::TIME_TO_LIVE)));
    }
}
