//! Only what Slack signed, now, for this app, is taken; and each message counts once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::http::StatusCode;
use chrono::TimeDelta;
use futures::future::{join, pending};
use kari_application::ports::{Clock, Unavailable};
use kari_slack::SecretsInUse;
use kari_slack::signature::{SIGNATURE, SigningKey, TIMESTAMP};
use kari_slack_function::{HandOver, Job, SlackApp, work};
use serde_json::json;
use tokio::time::{Instant, sleep_until};

use crate::world::{ADMIN, PAYMENTS, SECRET, SHOP, World, interaction, pressed, told};

const PATHS: [&str; 3] = ["/slack/commands", "/slack/interactions", "/slack/events"];

#[tokio::test]
async fn what_slack_did_not_sign_is_refused_wherever_it_comes() {
    let world = World::new().await;
    let body = interaction(&pressed("rin", "approve", "x"));
    let (signature, now) = world.signature(&body);
    let other = SigningKey::new("another secret").unwrap().sign(world.clock.now(), body.as_bytes());
    for path in PATHS {
        for headers in [
            vec![],
            vec![(SIGNATURE, signature.as_str())],
            vec![(TIMESTAMP, now.as_str())],
            vec![(SIGNATURE, other.as_str()), (TIMESTAMP, now.as_str())],
            vec![(SIGNATURE, signature.as_str()), (SIGNATURE, other.as_str()), (TIMESTAMP, now.as_str())],
        ] {
            let answer = world.send(path, &headers, &body).await;
            assert_eq!((answer.status, answer.text.as_str()), (StatusCode::UNAUTHORIZED, ""), "{headers:?}");
        }
        let altered =
            world.send(path, &[(SIGNATURE, &signature), (TIMESTAMP, &now)], &format!("{body}+")).await;
        assert_eq!(altered.status, StatusCode::UNAUTHORIZED);
    }
    assert!(world.jobs.take().is_empty() && world.slack.take().is_empty());
}

#[tokio::test]
async fn another_signing_secret_counts_from_the_first_message_that_is_signed_by_it() {
    let world = World::new().await;
    *world.secret.lock().unwrap() = "another secret";
    let body = interaction(&pressed("rin", "approve", "019ab000-0000-7000-8000-000000000000"));
    let (old, now) = world.signature(&body);
    let new = SigningKey::new("another secret").unwrap().sign(world.clock.now(), body.as_bytes());
    world.send(PATHS[1], &[(SIGNATURE, &new), (TIMESTAMP, &now)], &body).await.taken();
    assert_eq!(world.jobs.take().len(), 1);
    for path in PATHS {
        let answer = world.send(path, &[(SIGNATURE, &old), (TIMESTAMP, &now)], &body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    assert!(world.jobs.take().is_empty());
}

#[tokio::test]
async fn what_slack_signed_more_than_five_minutes_ago_is_refused() {
    let world = World::new().await;
    let body = interaction(&pressed("rin", "approve", "019ab000-0000-7000-8000-000000000000"));
    let (signature, then) = world.signature(&body);
    let headers = [(SIGNATURE, signature.as_str()), (TIMESTAMP, then.as_str())];
    world.later(5);
    world.send("/slack/interactions", &headers, &body).await.taken();
    world.clock.advance_by(TimeDelta::seconds(1));
    let stale = world.send("/slack/interactions", &headers, &body).await;
    assert_eq!(stale.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_message_that_comes_again_counts_once_and_is_recorded() {
    let world = World::new().await;
    let first = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    let body = interaction(&pressed("rin", "approve", &first.to_string()));
    let (signature, now) = world.signature(&body);
    let headers = [(SIGNATURE, signature.as_str()), (TIMESTAMP, now.as_str())];
    world.send("/slack/interactions", &headers, &body).await.taken();
    world.work().await;
    assert_eq!(world.state(first).await, "approved");

    world.send("/slack/interactions", &headers, &body).await.taken();
    world.work().await;
    let said = world.slack.only("chat.postEphemeral");
    assert!(said["text"].as_str().unwrap().starts_with("This was sent before"), "{said}");
    assert_eq!(
        world.recorded().await,
        ["reviewed u-rin slack", "approved u-rin slack", "refused approve replayed u-rin slack"]
    );
}

#[tokio::test]
async fn a_hand_over_that_is_repeated_is_no_replay() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.press("rin", "approve", &id.to_string()).await;
    let job = world.jobs.take().remove(0);
    for _ in 0..3 {
        work(&world.app, &job).await.unwrap();
    }
    assert_eq!(world.recorded().await, ["reviewed u-rin slack", "approved u-rin slack"]);
    assert!(world.slack.take().is_empty());
}

#[tokio::test]
async fn a_message_that_was_refused_is_used_up_as_well() {
    let world = World::new().await;
    let id = world.asked("alice", &[SHOP], ADMIN).await[0];
    let body = interaction(&pressed("sam", "approve", &id.to_string()));
    let (signature, now) = world.signature(&body);
    for _ in 0..2 {
        let headers = [(SIGNATURE, signature.as_str()), (TIMESTAMP, now.as_str())];
        world.send("/slack/interactions", &headers, &body).await.taken();
        world.work().await;
    }
    assert_eq!(
        world.recorded().await,
        ["refused approve not-found u-sam slack", "refused approve replayed u-sam slack"]
    );
    assert_eq!(world.state(id).await, "pending");
}

#[tokio::test]
async fn slack_is_told_that_this_address_is_ours() {
    let world = World::new().await;
    let body = json!({ "token": "t", "challenge": "3eZbrw1a", "type": "url_verification" }).to_string();
    let answer = world.signed("/slack/events", &body).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({ "challenge": "3eZbrw1a" })));
    let unsigned = world.send("/slack/events", &[], &body).await;
    assert_eq!(unsigned.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_nobody_subscribed_to_is_taken_and_what_is_garbage_is_not() {
    let world = World::new().await;
    for event in [
        json!({ "type": "event_callback", "team_id": "T1", "event": { "type": "reaction_added", "user": "U-rin" } }),
        json!({ "type": "event_callback", "team_id": "T1",
                "event": { "type": "app_home_opened", "user": "U-rin", "tab": "messages" } }),
        json!({ "type": "app_rate_limited", "team_id": "T1" }),
    ] {
        world.signed("/slack/events", &event.to_string()).await.taken();
    }
    world.interact(&json!({ "type": "view_closed", "team": { "id": "T1" } })).await.taken();
    assert!(world.jobs.take().is_empty());
    for path in PATHS {
        assert_eq!(world.signed(path, "payload=garbage").await.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test(start_paused = true)]
async fn slack_has_its_answer_in_time_whatever_hangs() {
    let mut world = World::new().await;
    // Whoever connects there waits for ever.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/api", silent.local_addr().unwrap());
    world.app.slack = kari_slack::Slack::new(world.app.secrets.clone(), Some(&address)).unwrap();
    world.router = kari_slack_function::router(world.app.clone());
    let began = tokio::time::Instant::now();
    let told = world.command("alice", "").await.json();
    assert!(told["text"].as_str().unwrap().starts_with("This took too long"), "{told}");
    let mut choosing = pressed("alice", "accounts", "");
    choosing["view"] = crate::world::modal("request", "{}", &[]);
    let answer = world.interact(&choosing).await;
    assert_eq!(answer.status.as_u16(), 503, "whoever did it has to be told, and nobody else can");
    let search = json!({
        "type": "block_suggestion", "team": { "id": "T1" }, "user": { "id": "U-alice" },
        "action_id": "accounts", "value": "",
    });
    assert_eq!(world.interact(&search).await.json(), json!({ "options": [] }));
    assert!(began.elapsed() < std::time::Duration::from_secs(9), "three seconds for each of three");
    world.press("rin", "approve", "019ab000-0000-7000-8000-000000000000").await;
    assert_eq!(world.jobs.take().len(), 1, "a command waits for nobody");
}

#[tokio::test(start_paused = true)]
async fn secrets_that_are_read_again_take_of_the_time_that_slack_waits() {
    let mut world = World::new().await;
    let readings = AtomicUsize::new(0);
    let read = move || {
        let first = readings.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            let signing_secret = if first { "the one before" } else { SECRET };
            if !first {
                sleep_until(Instant::now() + Duration::from_millis(900)).await;
            }
            Ok::<_, Unavailable>(
                json!({ "bot_token": "xoxb-1", "signing_secret": signing_secret }).to_string(),
            )
        }
    };
    world.app.secrets = SecretsInUse::of(read).await.unwrap();
    // Whoever connects there waits for ever.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/api", silent.local_addr().unwrap());
    world.app.slack = kari_slack::Slack::new(world.app.secrets.clone(), Some(&address)).unwrap();
    world.router = kari_slack_function::router(world.app.clone());
    let began = Instant::now();
    let told = world.command("alice", "").await.json();
    assert!(told["text"].as_str().unwrap().starts_with("This took too long"), "{told}");
    assert!(began.elapsed() < Duration::from_millis(2_500), "{:?}", began.elapsed());
}

/// What is handed over leads nowhere: at once, or never.
struct Nowhere {
    hangs: bool,
}

#[async_trait]
impl HandOver for Nowhere {
    async fn hand_over(&self, _: &SlackApp, _: Job) -> Result<(), Unavailable> {
        if self.hangs {
            pending::<()>().await;
        }
        Err(Unavailable::new("the hand-over", "gone"))
    }

    fn repeats(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_stranger_has_their_answer_in_time_also_where_it_cannot_be_recorded_that_they_were_refused() {
    let mut world = World::new().await;
    let mut guest = told("gus");
    guest["is_restricted"] = json!(true);
    world.slack.add("U-gus", guest);
    let said = "Guests of the workspace cannot use Kari";
    for hangs in [false, true] {
        world.app.hand_over = Arc::new(Nowhere { hangs });
        world.router = kari_slack_function::router(world.app.clone());
        let began = Instant::now();
        let press = pressed("gus", "deny", "019ab000-0000-7000-8000-000000000000");
        let (pressed, linked) = join(world.interact(&press), world.command("gus", "link CODE")).await;
        assert!(began.elapsed() < Duration::from_secs(3), "{hangs}: {:?}", began.elapsed());
        pressed.taken();
        let whispered = world.slack.only("chat.postEphemeral");
        for text in [&whispered["text"], &linked.json()["text"]] {
            assert!(text.as_str().unwrap().starts_with(said), "{hangs}: {text}");
        }
    }
}

/// Held against Slack's own verifier by `tests/slack`.
#[test]
fn our_signatures_are_what_slacks_library_takes() {
    let at: kari_domain::time::Instant = "2026-11-22T04:00:00Z".parse().unwrap();
    let bodies = ["", "payload=%7B%7D", "text=障害&x=%E3%81%82", "{\"type\":\"url_verification\"}", "a\r\nb"];
    let signed: Vec<_> = bodies
        .into_iter()
        .map(|body| {
            let secret = crate::world::SECRET;
            let signature = SigningKey::new(secret).unwrap().sign(at, body.as_bytes());
            json!({ "secret": secret, "timestamp": at.timestamp().to_string(), "body": body, "signature": signature })
        })
        .collect();
    insta::assert_json_snapshot!("signatures", signed);
}
