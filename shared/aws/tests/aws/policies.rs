//! The contract of the policies, against DynamoDB's own engine.

use kari_application::contract::policies as law;
use kari_aws::policies::DynamoPolicies;
use kari_aws::store::DynamoStore;

async fn new() -> (DynamoStore, DynamoPolicies) {
    let store = crate::support::store(&crate::support::new_table().await);
    (store.clone(), DynamoPolicies::new(store))
}

#[tokio::test]
async fn before_the_first_append_the_set_is_empty_with_default_settings_at_version_0() {
    let (_, policies) = new().await;
    law::before_the_first_append_the_set_is_empty_with_default_settings_at_version_0(&policies).await;
}

#[tokio::test]
async fn every_append_is_reflected_by_the_next_call() {
    let (store, policies) = new().await;
    law::every_append_is_reflected_by_the_next_call(&store, &policies).await;
}

#[tokio::test]
async fn what_one_append_changes_is_given_as_a_whole() {
    let (store, policies) = new().await;
    law::what_one_append_changes_is_given_as_a_whole(&store, &policies).await;
}

#[tokio::test]
async fn its_version_is_that_of_the_policies_stream() {
    let (store, policies) = new().await;
    law::its_version_is_that_of_the_policies_stream(&store, &policies).await;
}

#[tokio::test]
async fn the_settings_are_those_of_the_last_append() {
    let (store, policies) = new().await;
    law::the_settings_are_those_of_the_last_append(&store, &policies).await;
}

#[tokio::test]
async fn what_was_read_last_is_never_older_than_what_was_given() {
    let (store, policies) = new().await;
    law::what_was_read_last_is_never_older_than_what_was_given(&store, &policies).await;
}

#[tokio::test]
async fn a_set_with_one_unreadable_policy_is_not_given_at_all() {
    let (store, policies) = new().await;
    law::a_set_with_one_unreadable_policy_is_not_given_at_all(&store, &policies).await;
}
