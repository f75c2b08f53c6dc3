//! The contract of the read model, against DynamoDB's own engine.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::TimeDelta;
use kari_application::contract::read_model;
use kari_application::ports::{Ids, ReadModel};
use kari_aws::read_model::DynamoReadModel;
use kari_aws::store::DynamoStore;
use kari_domain::directory::{Snapshot, User};
use kari_domain::time::Instant;
use uuid::Uuid;

use crate::clock::JumpingClock;
use crate::counter::{Counter, counted_client};
use crate::narrow::Narrow;
use crate::support;

async fn new() -> (DynamoReadModel, DynamoReadModel, Arc<JumpingClock>) {
    let table = support::new_table().await;
    let clock = JumpingClock::new();
    let of = |_| DynamoReadModel::new(support::store(&table), clock.clone());
    (of(1), of(2), clock)
}

#[tokio::test]
async fn the_read_model_in_the_table_obeys_its_laws() {
    read_model::before_the_first_save_it_is_empty_and_of_the_epoch(&new().await.0).await;
    read_model::what_was_saved_last_is_loaded(&new().await.0).await;
    read_model::the_same_directory_of_another_instant_is_loaded_with_that_instant(&new().await.0).await;
}

/// So many people that one row could not hold them, however well they compress.
fn crowd(seed: u64) -> Snapshot {
    people(seed, 25_000)
}

fn people(seed: u64, count: u32) -> Snapshot {
    use sha2::{Digest, Sha256};
    let person = |number: u32| {
        let digest = Sha256::digest(format!("{seed} {number}"));
        let id = hex::encode(digest);
        let user = User {
            id: id.parse().unwrap(),
            user_name: format!("{id}@example.com"),
            display_name: format!("花子 {id}"),
            email: None,
            enabled: true,
        };
        (user.id.clone(), user)
    };
    Snapshot { users: (0..count).map(person).collect(), ..Snapshot::default() }
}

#[tokio::test]
async fn a_directory_of_any_size_is_kept_and_seen_by_every_process_within_seconds() {
    let (writer, reader, clock) = new().await;
    for seed in 1..=3 {
        let crowd = crowd(seed);
        writer.save(crowd.clone()).await.unwrap();
        clock.pass(TimeDelta::seconds(5));
        assert_eq!(*reader.load().await.unwrap(), crowd);
        assert_eq!(*writer.load().await.unwrap(), crowd);
    }
}

#[tokio::test]
async fn two_who_save_at_once_both_succeed_and_one_of_them_is_what_is_kept() {
    let (one, other, clock) = new().await;
    let (first, second) = (crowd(1), crowd(2));
    let saved = futures::future::join(one.save(first.clone()), other.save(second.clone())).await;
    saved.0.unwrap();
    saved.1.unwrap();
    clock.pass(TimeDelta::seconds(5));
    let kept = one.load().await.unwrap();
    assert!(*kept == first || *kept == second);
    assert_eq!(kept, other.load().await.unwrap());
}

/// No pauses: in these tests a second passes when DynamoDB had no time for something.
struct AtOnce;

impl Ids for AtOnce {
    fn fresh(&self) -> Uuid {
        support::Patient.fresh()
    }

    fn jitter(&self, _: TimeDelta) -> TimeDelta {
        TimeDelta::zero()
    }
}

/// A table, and whoever reads and writes the directory in it.
struct Town {
    table: String,
    clock: Arc<JumpingClock>,
}

impl Town {
    async fn new() -> Self {
        Self { table: support::new_table().await, clock: JumpingClock::new() }
    }

    /// A process that has read nothing yet.
    fn process(&self, client: Client) -> DynamoReadModel {
        let store = DynamoStore::new(client, self.table.as_str(), Arc::new(AtOnce));
        DynamoReadModel::new(store, self.clock.clone())
    }

    async fn load_anew(&self) -> Snapshot {
        (*self.process(support::client()).load().await.unwrap()).clone()
    }

    /// The sort keys of all parts that there are, of whatever version.
    async fn parts(&self) -> Vec<String> {
        let query = support::client().query().table_name(&self.table);
        let query = query.key_condition_expression("pk = :pk AND begins_with(sk, :part)");
        let query = query.expression_attribute_values(":pk", text("document#directory"));
        let query = query.expression_attribute_values(":part", text("part#"));
        let rows = query.projection_expression("sk").into_paginator().items().send();
        let rows = rows.collect::<Result<Vec<_>, _>>().await.unwrap();
        rows.iter().map(|row| row["sk"].as_s().unwrap().clone()).collect()
    }

    /// Of how many versions there are parts.
    async fn versions(&self) -> usize {
        let parts = self.parts().await;
        let version = |sk: &String| sk.rsplit_once('#').unwrap().0.to_owned();
        parts.iter().map(version).collect::<BTreeSet<_>>().len()
    }

    async fn take_a_part_away(&self) {
        let delete = support::client().delete_item().table_name(&self.table);
        let delete = delete.key("pk", text("document#directory"));
        delete.key("sk", text(&self.parts().await[0])).send().await.unwrap();
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// The same directory, read at this minute.
fn read_at(minute: i64, directory: &Snapshot) -> Snapshot {
    Snapshot { synced_at: Instant::UNIX_EPOCH + TimeDelta::minutes(minute), ..directory.clone() }
}

fn calls(counts: &[(&str, usize)]) -> BTreeMap<String, usize> {
    counts.iter().map(|(operation, count)| ((*operation).to_owned(), *count)).collect()
}

#[tokio::test]
async fn what_is_kept_already_is_not_written_again_and_has_the_instant_at_which_it_was_read_last() {
    let (town, sent, people) = (Town::new().await, Counter::default(), people(1, 10_000));
    town.process(support::client()).save(read_at(1, &people)).await.unwrap();
    let [writer, reader] = [(); 2].map(|()| town.process(counted_client(&sent)));
    for model in [&writer, &reader] {
        assert_eq!(*model.load().await.unwrap(), read_at(1, &people));
    }
    for minute in [10, 20] {
        town.clock.pass(TimeDelta::minutes(10));
        sent.take();
        writer.save(read_at(minute, &people)).await.unwrap();
        assert_eq!(sent.take(), calls(&[("GetItem", 1), ("PutItem", 1)]));
        assert_eq!(*writer.load().await.unwrap(), read_at(minute, &people));
        assert_eq!(sent.take(), calls(&[]));
        assert_eq!(*reader.load().await.unwrap(), read_at(minute, &people));
        assert_eq!(sent.take(), calls(&[("GetItem", 1)]));
        assert_eq!(town.load_anew().await, read_at(minute, &people));
    }
    // Not for ever: somebody may have damaged it.
    writer.save(read_at(61, &people)).await.unwrap();
    assert!(sent.take()["PutItem"] > 1);
    writer.save(read_at(71, &people)).await.unwrap();
    assert_eq!(sent.take()["PutItem"], 1);
    let mut fewer = people.clone();
    fewer.users.pop_last().unwrap();
    writer.save(read_at(80, &fewer)).await.unwrap();
    assert!(sent.take()["PutItem"] > 1);
    assert_eq!(town.load_anew().await, read_at(80, &fewer), "and not of an instant before");
}

#[tokio::test]
async fn what_somebody_else_replaced_meanwhile_is_written_again() {
    let town = Town::new().await;
    let [one, other] = [(); 2].map(|()| town.process(support::client()));
    let directories = [people(1, 10), people(2, 10)];
    one.save(read_at(1, &directories[0])).await.unwrap();
    other.save(read_at(2, &directories[1])).await.unwrap();
    one.save(read_at(3, &directories[0])).await.unwrap();
    assert_eq!(town.load_anew().await, read_at(3, &directories[0]));
}

#[tokio::test]
async fn a_damaged_copy_is_of_no_instant_and_is_made_anew_within_the_hour_although_nothing_changed() {
    let (town, people) = (Town::new().await, people(1, 10));
    let writer = town.process(support::client());
    writer.save(read_at(1, &people)).await.unwrap();
    writer.save(read_at(10, &people)).await.unwrap();
    town.take_a_part_away().await;
    assert_eq!(town.load_anew().await, Snapshot::default());

    // Whoever reads it finds out at once; whoever has read it finds out an hour later.
    let another = town.process(support::client());
    another.load().await.unwrap();
    another.save(read_at(20, &people)).await.unwrap();
    assert_eq!(town.load_anew().await, read_at(20, &people));
    town.take_a_part_away().await;
    town.clock.pass(TimeDelta::hours(1));
    another.save(read_at(81, &people)).await.unwrap();
    assert_eq!(town.load_anew().await, read_at(81, &people));
}

#[tokio::test]
async fn a_directory_that_is_more_than_a_partition_takes_in_a_second_is_kept_and_no_old_part_is_left() {
    let (town, narrow) = (Town::new().await, Narrow::taking(800));
    let writer = town.process(narrow.client());
    for seed in 1..=4 {
        let (crowd, before) = (crowd(seed), narrow.throttled());
        writer.save(crowd.clone()).await.unwrap();
        assert!(narrow.throttled() > before, "it was not too much");
        assert_eq!(town.load_anew().await, crowd);
        assert!(town.versions().await <= 2, "somebody may be reading the one before, and nobody any other");
    }
}

#[tokio::test]
async fn a_copy_is_kept_although_what_is_old_cannot_be_deleted_and_the_next_saving_deletes_it() {
    let (town, narrow) = (Town::new().await, Narrow::taking(1_000));
    let writer = town.process(narrow.client());
    narrow.refuse("BatchWriteItem", 0);
    for seed in 1..=4 {
        writer.save(people(seed, 10)).await.unwrap();
        assert_eq!(town.load_anew().await, people(seed, 10));
    }
    assert_eq!(town.versions().await, 4);
    narrow.relent();
    writer.save(people(5, 10)).await.unwrap();
    assert_eq!(town.versions().await, 2);
}

#[tokio::test]
async fn what_a_saving_that_failed_has_left_is_deleted_by_the_next_one() {
    let (town, narrow) = (Town::new().await, Narrow::taking(1_000));
    let writer = town.process(narrow.client());
    writer.save(people(1, 10)).await.unwrap();
    // Some parts of it, and never which they are.
    narrow.refuse("PutItem", 2);
    writer.save(crowd(2)).await.expect_err("it is refused");
    assert_eq!((town.versions().await, town.load_anew().await), (2, people(1, 10)));
    narrow.relent();
    writer.save(people(3, 10)).await.unwrap();
    assert_eq!((town.versions().await, town.load_anew().await), (2, people(3, 10)));
    assert_eq!(town.parts().await.len(), 2);
}
