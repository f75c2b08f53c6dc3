//! Commands that cannot be done now: who is told what, and until when they are tried again.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use kari_slack_function::{Job, work};
use serde_json::json;

use crate::reviews::naming;
use crate::world::{ADMIN, PAYMENTS, SHOP, World, modal, submission};

/// A world in which what is unfinished is done again, and somebody's approval in it.
async fn pressed() -> (World, Job, kari_domain::ids::RequestId) {
    let world = World::new().await;
    world.jobs.repeats.store(true, Ordering::Relaxed);
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.press("rin", "approve", &id.to_string()).await;
    let job = world.jobs.take().remove(0);
    (world, job, id)
}

fn said(world: &World) -> Vec<String> {
    let text = |body: &serde_json::Value| body["text"].as_str().unwrap().to_owned();
    world.slack.take().iter().map(|(_, body)| text(body)).collect()
}

#[tokio::test]
async fn what_fails_for_want_of_the_directory_is_repeated_and_told_of_once() {
    let (world, job, id) = pressed().await;
    world.lose_directory_for(TimeDelta::seconds(90));
    assert!(work(&world.app, &job).await.is_err());
    let told = said(&world);
    assert!(told.len() == 1 && told[0].contains("It tries again for five minutes"), "{told:?}");
    world.clock.advance_by(TimeDelta::seconds(61));
    assert!(work(&world.app, &job).await.is_err());
    assert!(said(&world).is_empty(), "they know it");
    world.clock.advance_by(TimeDelta::minutes(2));
    work(&world.app, &job).await.unwrap();
    assert_eq!(world.state(id).await, "approved");
    assert_eq!(world.recorded().await, ["reviewed u-rin slack", "approved u-rin slack"]);
    assert!(said(&world).is_empty(), "what was recorded shows by itself");
}

#[tokio::test]
async fn what_is_refused_when_it_is_tried_again_is_told_and_not_repeated() {
    let (world, job, id) = pressed().await;
    world.lose_directory_for(TimeDelta::seconds(30));
    assert!(work(&world.app, &job).await.is_err());
    world.slack.take();
    world.leave_group("rin", "g-leads");
    world.clock.advance_by(TimeDelta::seconds(61));
    work(&world.app, &job).await.unwrap();
    assert_eq!(said(&world).len(), 1);
    assert_eq!(world.state(id).await, "pending");
}

#[tokio::test]
async fn while_slack_itself_does_not_answer_a_command_is_repeated() {
    let (world, job, id) = pressed().await;
    world.slack.fail("users.info", "service_unavailable");
    assert!(work(&world.app, &job).await.is_err());
    world.slack.mend("users.info");
    world.clock.advance_by(TimeDelta::seconds(61));
    work(&world.app, &job).await.unwrap();
    assert_eq!(world.state(id).await, "approved");
}

#[tokio::test]
async fn an_approval_that_could_not_be_done_within_five_minutes_is_never_done() {
    let (world, job, id) = pressed().await;
    world.later(5);
    world.clock.advance_by(TimeDelta::seconds(1));
    work(&world.app, &job).await.unwrap();
    assert_eq!(world.state(id).await, "pending");
    let told = said(&world);
    assert!(told.len() == 1 && told[0].contains("is not tried any more"), "{told:?}");
}

#[tokio::test]
async fn where_nothing_is_repeated_whoever_wanted_it_is_told_at_once() {
    let (world, job, id) = pressed().await;
    world.jobs.repeats.store(false, Ordering::Relaxed);
    world.lose_directory_for(TimeDelta::seconds(30));
    work(&world.app, &job).await.unwrap();
    let told = said(&world);
    assert!(told.len() == 1 && told[0].starts_with("Kari could not do this now"), "{told:?}");
    assert_eq!(world.state(id).await, "pending");
}

#[tokio::test]
async fn an_app_home_that_cannot_be_shown_is_not_shown_later() {
    let world = World::new().await;
    world.jobs.repeats.store(true, Ordering::Relaxed);
    let home = json!({ "type": "event_callback", "team_id": "T1",
                       "event": { "type": "app_home_opened", "user": "U-alice", "tab": "home" } });
    world.signed("/slack/events", &home.to_string()).await.taken();
    world.slack.fail("views.publish", "service_unavailable");
    world.work().await;
}

#[tokio::test]
async fn what_was_asked_for_is_not_asked_for_again_because_a_modal_could_not_say_so() {
    let world = World::new().await;
    world.jobs.repeats.store(true, Ordering::Relaxed);
    let fields = [
        ("accounts", json!({ "selected_options": [{ "value": PAYMENTS }] })),
        ("permission-set", json!({ "selected_option": { "value": ADMIN } })),
        ("duration", json!({ "selected_option": { "value": "60" } })),
        ("start", json!({ "selected_date_time": null })),
        ("reason", json!({ "value": crate::world::WHY })),
        ("ticket", json!({ "value": null })),
    ];
    let form = modal("request", "", &fields);
    world.interact(&submission("alice", &form)).await;
    world.slack.fail("views.update", "service_unavailable");
    world.work().await;
    assert_eq!(world.recorded().await, ["requested u-alice slack"]);
    assert!(
        world.slack.take().iter().all(|(method, _)| method == "views.update"),
        "nobody is told to do it again"
    );
}

#[tokio::test]
async fn after_a_try_that_was_cut_off_the_next_one_tells() {
    let (world, job, _) = pressed().await;
    world.lose_directory_for(TimeDelta::minutes(4));
    // The first try ended with its function.
    world.clock.advance_by(TimeDelta::seconds(61));
    assert!(work(&world.app, &job).await.is_err());
    let told = said(&world);
    assert!(told.len() == 1 && told[0].contains("It tries again for five minutes"), "{told:?}");
    world.clock.advance_by(TimeDelta::minutes(2));
    assert!(work(&world.app, &job).await.is_err());
    assert!(said(&world).is_empty(), "they know it");
}

#[tokio::test]
async fn a_batch_that_was_approved_whole_is_approved_once_more_without_a_word() {
    let world = World::new().await;
    let ids = world.asked("alice", &[PAYMENTS, SHOP], ADMIN).await;
    let batch = world.batch_of(ids[0]).await;
    world.press("rin", "approve", &naming(&batch, &ids)).await;
    let job = world.jobs.take().remove(0);
    work(&world.app, &job).await.unwrap();
    let recorded = world.recorded().await;
    assert_eq!(recorded.iter().filter(|event| event.starts_with("approved")).count(), 2);
    work(&world.app, &job).await.unwrap();
    assert_eq!(world.recorded().await, recorded);
    assert!(said(&world).is_empty());
}
