use chrono::TimeDelta;
use kari_embedded::identity_center::{Injected, World};
use serde_json::json;

use super::Site;
use super::calls::creation;
use crate::town::{at, hanako};

#[tokio::test]
async fn a_lost_response_closes_the_connection_after_the_creation_was_accepted() {
    let site = Site::calm().await;
    site.center.with(|world, _| world.lose_next_response()).unwrap();
    assert!(site.try_call("CreateAccountAssignment", creation("hanako")).await.is_none());
    site.clock.advance_to(at(10));
    assert!(site.center.with(|world, now| world.is_present(now, &hanako())).unwrap());
    let injected = site.center.with(|world, _| world.calls()[0].injected).unwrap();
    assert_eq!(injected, Some(Injected::ResponseLost));
}

#[tokio::test]
async fn a_lost_request_closes_the_connection_and_nothing_happens() {
    let site = Site::calm().await;
    site.center.with(|world, _| world.lose_next_request()).unwrap();
    assert!(site.try_call("CreateAccountAssignment", creation("hanako")).await.is_none());
    site.clock.advance_to(at(10));
    assert!(site.center.with(World::present).unwrap().is_empty());
    site.call("CreateAccountAssignment", creation("hanako")).await.ok();
}

#[tokio::test]
async fn a_service_that_is_down_answers_nothing_while_another_answers() {
    let site = Site::calm().await;
    site.center.with(|world, now| world.directory_down_for(now, TimeDelta::minutes(1))).unwrap();
    assert!(site.try_call("ListUsers", json!({})).await.is_none());
    assert!(site.try_call("ListAccounts", json!({})).await.is_none());
    site.call("ListPermissionSets", json!({})).await.ok();
    site.clock.advance_to(at(60));
    site.call("ListUsers", json!({})).await.ok();
}
