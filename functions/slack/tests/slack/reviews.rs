//! Approving and denying by buttons.

use axum::http::StatusCode;
use kari_application::contract::unreadable::make_unreadable;
use kari_application::load_request;
use kari_domain::ids::RequestId;
use kari_slack_function::{Job, Wish, work};
use serde_json::{Value, json};

use crate::world::{ADMIN, PAYMENTS, PLAYGROUND, SHOP, VAULT, World, modal, pressed, submission};

/// What the person was told, where they pressed something.
fn told(world: &World) -> String {
    world.slack.only("chat.postEphemeral")["text"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_approval_by_a_button_is_the_same_as_one_in_the_portal_and_says_that_it_came_by_slack() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.press("rin", "approve", &id.to_string()).await;
    assert_eq!(world.state(id).await, "pending", "slack has its answer before anything is done");
    world.work().await;
    assert_eq!(world.state(id).await, "approved");
    assert_eq!(world.recorded().await, ["reviewed u-rin slack", "approved u-rin slack"]);
    assert!(world.slack.take().is_empty(), "what was recorded shows by itself");
    assert_eq!(world.drive(id).await, "active");
}

#[tokio::test]
async fn a_double_click_approves_once_and_says_nothing() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.press("rin", "approve", &id.to_string()).await;
    world.press("rin", "approve", &id.to_string()).await;
    world.work().await;
    assert_eq!(world.recorded().await, ["reviewed u-rin slack", "approved u-rin slack"]);
    assert!(world.slack.take().is_empty());
}

#[tokio::test]
async fn two_who_approve_at_once_make_one_approval() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.press("rin", "approve", &id.to_string()).await;
    world.press("pat", "approve", &id.to_string()).await;
    let jobs = world.jobs.take();
    let (one, other) = tokio::join!(work(&world.app, &jobs[0]), work(&world.app, &jobs[1]));
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(world.state(id).await, "approved");
    let recorded = world.recorded().await;
    assert_eq!(recorded.iter().filter(|event| event.starts_with("approved")).count(), 1, "{recorded:?}");
    let said = told(&world);
    assert!(said.starts_with("This is not possible any more"), "the slower one is told: {said}");
}

#[tokio::test]
async fn an_approval_after_the_lapse_is_refused_though_nobody_recorded_the_lapse() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.later(8 * 60);
    kari_application::sync_directory::sync_directory(&world.kari).await.unwrap();
    world.pressed("rin", "approve", &id.to_string()).await;
    assert_eq!(world.recorded().await, ["refused approve lapsed u-rin slack"]);
    assert!(told(&world).starts_with("Too late: the request has lapsed"));
}

#[tokio::test]
async fn an_approver_who_is_none_any_more_is_refused_kindly_and_privately() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.leave_group("rin", "g-leads");
    world.pressed("rin", "approve", &id.to_string()).await;
    assert_eq!(world.state(id).await, "pending");
    let said = world.slack.only("chat.postEphemeral");
    assert_eq!((said["channel"].as_str(), said["user"].as_str()), (Some("C1"), Some("U-rin")));
    assert!(said["text"].as_str().unwrap().contains("or not any more. Thank you"), "{said}");
    assert_eq!(world.recorded().await, ["refused approve not-found u-rin slack"]);
}

#[tokio::test]
async fn nobody_approves_their_own_request() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.pressed("alice", "approve", &id.to_string()).await;
    assert_eq!(world.recorded().await, ["refused approve self-review u-alice slack"]);
    assert!(told(&world).starts_with("Nobody reviews their own request"));
}

#[tokio::test]
async fn what_is_approved_in_the_portal_only_is_denied_in_slack_and_not_approved_there() {
    let world = World::new().await;
    let id = world.asked("alice", &[VAULT], ADMIN).await[0];
    world.pressed("sam", "approve", &id.to_string()).await;
    assert_eq!(world.recorded().await, ["refused approve portal-only u-sam slack"]);
    assert!(told(&world).starts_with("By its policy this is approved in the portal only"));
    denied(&world, "sam", id, "not today").await.taken();
    world.work().await;
    assert_eq!(world.state(id).await, "closed");
}

/// Somebody presses Deny and fills in why.
async fn denied(world: &World, who: &str, id: RequestId, why: &str) -> crate::world::Answer {
    world.press(who, "deny", &id.to_string()).await;
    let opened = world.slack.only("views.open");
    assert_eq!(opened["trigger_id"], "tr");
    let view = &opened["view"];
    let metadata = view["private_metadata"].as_str().unwrap();
    let comment = json!({ "type": "plain_text_input", "value": why });
    let callback = view["callback_id"].as_str().unwrap();
    world.interact(&submission(who, &modal(callback, metadata, &[("comment", comment)]))).await
}

#[tokio::test]
async fn a_denial_asks_for_a_comment_at_once_and_records_it() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    denied(&world, "rin", id, "先に INC-1 を確認: <!channel> *now* 🙂").await.taken();
    assert_eq!(world.state(id).await, "pending");
    world.work().await;
    let request = load_request(&world.kari, id).await.unwrap().state;
    assert_eq!(request.name(), "closed");
    let comment = request.asked().unwrap().reviews[0].comment.clone().unwrap();
    assert_eq!(comment.as_str(), "先に INC-1 を確認: <!channel> *now* 🙂");
    assert!(world.slack.take().is_empty());
}

#[tokio::test]
async fn a_comment_that_cannot_be_taken_is_said_in_the_form() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    for (why, said) in
        [("  ", "The comment needs at least 1"), (&"あ".repeat(1_001), "The comment may have at most")]
    {
        let answer = denied(&world, "rin", id, why).await;
        assert_eq!(answer.status, StatusCode::OK);
        let answer = answer.json();
        assert_eq!(answer["response_action"], "errors");
        assert!(answer["errors"]["comment"].as_str().unwrap().starts_with(said), "{answer}");
    }
    assert!(world.jobs.take().is_empty());
}

#[tokio::test]
async fn whoever_may_not_deny_is_told_before_they_write_why() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.press("sam", "deny", &id.to_string()).await;
    assert!(told(&world).contains("or not any more. Thank you"));
}

/// What the button carries that approves these of a batch.
pub(crate) fn naming(batch: &str, ids: &[RequestId]) -> String {
    let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
    format!("{batch}/{}", ids.join(","))
}

#[tokio::test]
async fn a_batch_is_approved_by_one_button_and_chosen_from_as_far_as_it_is_theirs() {
    let world = World::new().await;
    let ids = world.asked("alice", &[PAYMENTS, SHOP, VAULT], ADMIN).await;
    let batch = world.batch_of(ids[0]).await;

    world.press("rin", "choose", &batch).await;
    let view = world.slack.only("views.open")["view"].clone();
    let options = view["blocks"][0]["element"]["options"].as_array().unwrap().clone();
    assert_eq!(options.len(), 2, "the vault is not for them");
    let fields = [
        ("requests", json!({ "selected_options": [{ "value": ids[1].to_string() }] })),
        ("decision", json!({ "selected_option": { "value": "deny" } })),
        ("comment", json!({ "value": "not the shop" })),
    ];
    let chosen = modal("choose", view["private_metadata"].as_str().unwrap(), &fields);
    world.interact(&submission("rin", &chosen)).await.taken();
    world.work().await;
    assert_eq!(world.state(ids[1]).await, "closed");

    world.pressed("rin", "approve", &naming(&batch, &ids)).await;
    let states = [world.state(ids[0]).await, world.state(ids[1]).await, world.state(ids[2]).await];
    assert_eq!(states, ["approved", "closed", "pending"]);
    assert!(world.slack.take().is_empty());
    world.pressed("rin", "approve", &naming(&batch, &ids)).await;
    assert!(told(&world).contains("or not any more"), "nothing of it waits for them");
}

#[tokio::test]
async fn of_a_batch_nothing_is_approved_but_what_the_card_named() {
    let world = World::new().await;
    let ids = world.asked("alice", &[PAYMENTS, SHOP], ADMIN).await;
    let batch = world.batch_of(ids[0]).await;
    // As a card of an earlier version had it; and one that names nothing.
    for value in [format!("{batch}/4102444800000"), format!("{batch}/")] {
        let mut card = pressed("rin", "approve", &value);
        (card["message"]["bot_id"], card["message"]["app_id"]) = (json!("B1"), json!("A1"));
        world.interact(&card).await.taken();
        assert!(told(&world).starts_with("This message is of an earlier version"));
        let jobs = world.jobs.take();
        let looks = |job: &Job| job.wish == Wish::Look && job.card.as_ref().is_some_and(|it| it.is_outdated);
        assert!(jobs.len() == 1 && looks(&jobs[0]), "{jobs:?}");
    }
    assert!(world.recorded().await.is_empty());
    world.pressed("rin", "approve", &batch).await;
    assert!(told(&world).contains("or not any more"));
    // The first one stands in another channel.
    world.pressed("rin", "approve", &naming(&batch, &ids[1..])).await;
    assert_eq!([world.state(ids[0]).await, world.state(ids[1]).await], ["pending", "approved"]);
    assert!(world.slack.take().is_empty());
}

#[tokio::test]
async fn a_choice_to_deny_needs_a_comment_and_one_to_approve_does_not() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    let choose = async |decision: Value| {
        let fields = [
            ("requests", json!({ "selected_options": [{ "value": id.to_string() }] })),
            ("decision", decision),
        ];
        world
            .interact(&submission("rin", &modal("choose", "{\"channel\":\"C1\",\"home\":false}", &fields)))
            .await
    };
    let none = choose(json!({})).await.json();
    assert_eq!(none["errors"]["decision"], "This is needed.");
    let deny = choose(json!({ "selected_option": { "value": "deny" } })).await.json();
    assert!(deny["errors"]["comment"].is_string(), "{deny}");
    choose(json!({ "selected_option": { "value": "approve" } })).await.taken();
    world.work().await;
    assert_eq!(world.state(id).await, "approved");
}

#[tokio::test]
async fn whatever_else_comes_with_a_button_is_not_believed() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    for value in ["", "null", "019ab000-0000-7000-8000-000000000000", "../x", &format!("{id} or else")] {
        world.pressed("rin", "approve", value).await;
    }
    assert_eq!(world.state(id).await, "pending");
    world.slack.take();
    let mut nothing = pressed("rin", "approve", "");
    nothing["actions"] = json!([]);
    world.interact(&nothing).await.taken();
    world.press("rin", "details", "").await;
    assert!(world.jobs.take().is_empty() && world.slack.take().is_empty());
}

#[tokio::test]
async fn whoever_cannot_be_told_in_the_channel_is_told_directly() {
    for refused in ["not_in_channel", "ratelimited", "internal_error"] {
        let world = World::new().await;
        let id = world.asked("alice", &[PLAYGROUND], ADMIN).await[0];
        world.slack.fail("chat.postEphemeral", refused);
        world.pressed("rin", "approve", &id.to_string()).await;
        let calls = world.slack.take();
        assert_eq!(
            calls.iter().map(|(method, _)| method.as_str()).collect::<Vec<_>>(),
            ["chat.postEphemeral", "chat.postMessage"],
            "{refused}"
        );
        assert_eq!(calls[1].1["channel"], "U-rin");
    }
}

#[tokio::test]
async fn whoever_ends_access_by_a_button_ends_it_once() {
    let world = World::new().await;
    let id = world.asked("alice", &[PLAYGROUND], ADMIN).await[0];
    assert_eq!(world.drive(id).await, "active");
    world.pressed("sam", "end", &id.to_string()).await;
    assert!(told(&world).contains("or not any more"));
    world.press("alice", "end", &id.to_string()).await;
    world.press("alice", "end", &id.to_string()).await;
    world.work().await;
    let said = world.slack.take();
    let is_honest = |body: &Value| body["text"].as_str().unwrap().starts_with("It is being ended");
    assert!(said.iter().all(|(_, body)| is_honest(body)) && said.len() == 2, "{said:?}");
    assert_eq!(
        world.recorded().await,
        [
            "refused revoke not-found u-sam slack",
            "revocation-requested u-alice slack",
            "holder-left u-alice slack",
            "removal-started u-alice slack"
        ]
    );
    assert_eq!(world.drive(id).await, "ending", "it is seen gone twice before it is over");
    world.later(3);
    assert_eq!(world.drive(id).await, "closed");
}

#[tokio::test]
async fn who_ends_access_whose_request_cannot_be_read_is_not_told_that_they_will_hear_of_it() {
    let world = World::new().await;
    let id = world.asked("alice", &[PLAYGROUND], ADMIN).await[0];
    assert_eq!(world.drive(id).await, "active");
    make_unreadable(&world.kari, id).await;
    world.pressed("adam", "end", &id.to_string()).await;
    let said = told(&world);
    assert!(said.contains("is being removed all the same") && said.contains("whoever runs Kari"), "{said}");
    assert!(world.recorded().await.contains(&"holder-left u-adam slack".to_owned()));
}
