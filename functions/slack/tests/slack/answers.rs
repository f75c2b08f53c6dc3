//! What comes of the form is said in it, or directly where it is closed; and no longer than Slack takes it.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use kari_application::edit_policies::{Editor, create_policy};
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::policy::{Effect, Guardrail, PermissionSets, Principals, Targets};
use kari_domain::text::PolicyName;
use kari_slack_function::work;
use serde_json::Value;

use crate::asking::{filled, send};
use crate::world::{ADMIN, PAYMENTS, WHY, World};

/// Has so many guardrails forbid everything, each by the longest name there is.
async fn forbid(world: &World, count: usize) {
    let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
    for number in 0..count {
        let guardrail = Guardrail {
            id: format!("closed-{number}").parse().unwrap(),
            name: PolicyName::parse(&format!("{number:あ>100}")).unwrap(),
            enabled: true,
            principals: Principals::everyone(),
            targets: Targets::all(),
            permission_sets: PermissionSets::All,
            effect: Effect::Forbid,
        };
        create_policy(&world.kari, &editor, guardrail).await.unwrap();
    }
}

fn is_cut(text: &Value) {
    let text = text.as_str().unwrap();
    assert!(text.starts_with("The guardrail “あ") && text.ends_with('…'), "{text}");
    assert_eq!(text.chars().count(), 3_000);
}

#[tokio::test]
async fn of_the_reasons_of_forty_guardrails_as_many_are_told_as_slack_takes() {
    let world = World::new().await;
    let wanted = filled(&[PAYMENTS], ADMIN, 60, WHY);
    assert_eq!(send(&world, &wanted).await.json()["response_action"], "update");
    forbid(&world, 40).await;
    is_cut(&send(&world, &wanted).await.json()["errors"]["permission-set"]);
    // The form is closed by now, so that they are told directly.
    world.slack.fail("views.update", "not_found");
    world.work().await;
    let (method, said) = world.slack.take().pop().unwrap();
    assert_eq!(method, "chat.postMessage");
    is_cut(&said["blocks"][0]["text"]["text"]);
    assert!(said["text"].as_str().unwrap().starts_with("The guardrail “あ"));
}

#[tokio::test]
async fn where_nothing_came_of_all_that_was_sent_the_form_says_so() {
    let slack_is_off = "Slack is turned off in Kari, so nothing was done.";
    for (repeats, off, said) in [
        (false, true, slack_is_off),
        (true, true, slack_is_off),
        (false, false, "Kari could not do this now"),
        (true, false, "It tries again for five minutes"),
    ] {
        let world = World::new().await;
        world.jobs.repeats.store(repeats, Ordering::Relaxed);
        send(&world, &filled(&[PAYMENTS], ADMIN, 60, WHY)).await;
        if off {
            world.set(|settings| settings.channels.slack = false).await;
        } else {
            world.lose_directory_for(TimeDelta::seconds(90));
        }
        let job = world.jobs.take().remove(0);
        assert_eq!(work(&world.app, &job).await.is_err(), repeats && !off);
        let updated = world.slack.only("views.update").to_string();
        assert!(updated.contains(said), "{updated}");
    }
}

#[tokio::test]
async fn the_form_says_so_too_where_slack_does_not_say_whose_it_is_and_where_it_came_too_late() {
    for (late, repeats, said) in [
        (false, false, "Slack did not answer in time"),
        (false, true, "It tries again for five minutes"),
        (true, true, "is not tried any more"),
    ] {
        for closed in [false, true] {
            let world = World::new().await;
            world.jobs.repeats.store(repeats, Ordering::Relaxed);
            send(&world, &filled(&[PAYMENTS], ADMIN, 60, WHY)).await;
            if late {
                world.clock.advance_by(TimeDelta::minutes(6));
            } else {
                world.slack.fail("users.info", "service_unavailable");
            }
            if closed {
                world.slack.fail("views.update", "not_found");
            }
            let job = world.jobs.take().remove(0);
            assert_eq!(work(&world.app, &job).await.is_err(), repeats && !late);
            let calls = world.slack.take();
            let methods: Vec<_> = calls.iter().map(|(method, _)| method.as_str()).collect();
            let expected: &[&str] =
                if closed { &["views.update", "chat.postMessage"] } else { &["views.update"] };
            assert_eq!(methods, expected, "{said}");
            assert!(calls[calls.len() - 1].1.to_string().contains(said), "{calls:?}");
        }
    }
}

#[tokio::test]
async fn whoever_closed_the_form_is_told_directly_of_what_was_refused() {
    let world = World::new().await;
    send(&world, &filled(&[PAYMENTS], ADMIN, 60, WHY)).await;
    world.leave_group("alice", "g-developers");
    world.slack.fail("views.update", "not_found");
    world.work().await;
    let calls = world.slack.take();
    assert_eq!(calls.last().unwrap().0, "chat.postMessage");
    assert_eq!(calls.last().unwrap().1["channel"], "U-alice");
}
