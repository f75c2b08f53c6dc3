//! The contract of the read model, against DynamoDB's own engine.

use std::sync::Arc;

use chrono::TimeDelta;
use kari_application::contract::read_model;
use kari_application::ports::ReadModel;
use kari_aws::read_model::DynamoReadModel;
use kari_domain::directory::{Snapshot, User};

use crate::clock::JumpingClock;

async fn new() -> (DynamoReadModel, DynamoReadModel, Arc<JumpingClock>) {
    let table = crate::support::new_table().await;
    let clock = JumpingClock::new();
    let of = |_| DynamoReadModel::new(crate::support::store(&table), clock.clone());
    (of(1), of(2), clock)
}

#[tokio::test]
async fn the_read_model_in_the_table_obeys_its_laws() {
    read_model::before_the_first_save_it_is_empty_and_of_the_epoch(&new().await.0).await;
    read_model::what_was_saved_last_is_loaded(&new().await.0).await;
}

/// So many people that one row could not hold them, however well they compress.
fn crowd(seed: u64) -> Snapshot {
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
    Snapshot { users: (0..25_000).map(person).collect(), ..Snapshot::default() }
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
