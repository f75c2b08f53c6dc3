//! Who may command anything at all.

use std::io::Write;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use kari_application::ports::{AuditFilter, PageRequest};
use kari_domain::audit::Envelope;
use kari_slack::Language;
use kari_slack::identity::Stranger;
use kari_slack::signature::{SIGNATURE, TIMESTAMP};
use kari_slack_function::work;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::world::{ADMIN, PAYMENTS, SHOP, World, interaction, modal, pressed, submission, told};

/// What somebody is told when they press Approve, and whether it was approved.
async fn approving(world: &World, who: &str) -> (String, bool) {
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.pressed(who, "approve", &id.to_string()).await;
    let said = world.slack.take();
    let text = said.first().map(|(_, said)| said["text"].as_str().unwrap().to_owned()).unwrap_or_default();
    (text, world.state(id).await == "approved")
}

async fn approving_as(who: &str, change: Value) -> (String, bool) {
    let world = World::new().await;
    let mut user = told(who);
    user.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    world.slack.add(&format!("U-{who}"), user);
    approving(&world, who).await
}

#[tokio::test]
async fn a_reviewer_approves_whatever_the_case_of_their_address() {
    assert_eq!(approving_as("rin", json!({})).await, (String::new(), true));
    let shouted = json!({ "profile": { "email": "RIN@TOWN.EXAMPLE" } });
    assert_eq!(approving_as("rin", shouted).await, (String::new(), true));
}

#[tokio::test]
async fn whoever_is_not_exactly_one_enabled_user_of_here_is_told_why_and_does_nothing() {
    for (who, change, said) in [
        ("gus", json!({ "is_restricted": true }), "Guests of the workspace cannot use Kari"),
        ("rin", json!({ "is_ultra_restricted": true }), "Guests of the workspace cannot use Kari"),
        ("rin", json!({ "team_id": "T2" }), "Kari does not take commands from this workspace"),
        ("rin", json!({ "is_stranger": true }), "Kari does not take commands from this workspace"),
        ("rin", json!({ "is_bot": true }), "Only people can use Kari"),
        ("rin", json!({ "deleted": true }), "Only people can use Kari"),
        ("rin", json!({ "profile": {} }), "Slack does not tell your e-mail address"),
        ("rin", json!({ "profile": { "email": "rin@other.example" } }), "No user of the identity store has"),
        ("twin", json!({}), "More than one user of the identity store has"),
        ("dora", json!({}), "Your user is disabled in the identity store"),
    ] {
        let (text, approved) = approving_as(who, change.clone()).await;
        assert!(text.starts_with(said) && !approved, "{who} {change}: {text}");
    }
}

#[tokio::test]
async fn people_are_told_in_the_language_of_their_slack() {
    let (text, _) = approving_as("gus", json!({ "is_restricted": true, "locale": "ja-JP" })).await;
    assert!(text.starts_with("ゲストは"), "{text}");
}

#[tokio::test]
async fn what_is_pressed_in_another_workspace_counts_nothing() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    let mut payload = pressed("rin", "approve", &id.to_string());
    payload["team"]["id"] = json!("T2");
    // Slack knows both, or shows Kari's app nobody of there.
    for user in [payload["user"]["id"].clone(), json!("U0NOBODY")] {
        payload["user"]["id"] = user;
        world.interact(&payload).await.taken();
        world.work().await;
        assert_eq!(world.state(id).await, "pending");
        assert!(world.slack.only("chat.postEphemeral")["text"].as_str().unwrap().contains("this workspace"));
    }
    world.set(|settings| settings.slack_language = Language::Ja).await;
    world.interact(&payload).await.taken();
    world.work().await;
    let said = world.slack.only("chat.postEphemeral");
    assert!(said["text"].as_str().unwrap().starts_with("このワークスペースからは"), "{said}");
}

#[tokio::test]
async fn whoever_was_disabled_a_moment_ago_is_refused_though_the_copy_does_not_know_it() {
    let world = World::new().await;
    let rin = crate::world::user("rin");
    world.identity_center.with(|simulated, now| simulated.set_user_enabled(now, &rin, false)).unwrap();
    let (text, approved) = approving(&world, "rin").await;
    assert!(text.starts_with("Your user is disabled") && !approved, "{text}");
}

#[tokio::test]
async fn an_address_leads_to_nobody_by_a_copy_that_is_too_old() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.clock.advance_by(TimeDelta::minutes(61));
    world.pressed("rin", "approve", &id.to_string()).await;
    assert_eq!(world.state(id).await, "pending");
    let said = world.slack.only("chat.postEphemeral");
    assert!(said["text"].as_str().unwrap().starts_with("The directory could not be read"), "{said}");
}

#[tokio::test]
async fn where_only_links_count_an_address_says_nothing() {
    let world = World::new().await;
    world.set(|settings| settings.slack_linked_only = true).await;
    let (text, approved) = approving(&world, "rin").await;
    assert!(text.starts_with("Link your Slack account in the portal first") && !approved, "{text}");
}

#[tokio::test]
async fn somebody_whom_slack_does_not_know_or_cannot_tell_of_does_nothing_and_is_told_why() {
    for (code, said) in [
        ("user_not_found", "Only people can use Kari"),
        ("user_not_visible", "Kari does not take commands from this workspace"),
        ("missing_scope", "Slack refuses Kari's app (missing_scope)"),
        ("internal_error", "Slack did not answer in time"),
    ] {
        let world = World::new().await;
        world.slack.fail("users.info", code);
        let (text, approved) = approving(&world, "rin").await;
        assert!(text.starts_with(said) && !approved, "{code}: {text}");
    }
}

/// Everything that is logged by this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn whoever_is_refused_as_a_stranger_is_logged_by_ids_and_reason_and_by_nothing_else() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_ansi(false);
    let _guard = tracing::subscriber::set_default(subscriber.with_writer(log.clone()).finish());
    let change = json!({ "profile": { "email": "swordfish@other.example", "real_name": "swordfish" } });
    let (_, approved) = approving_as("rin", change).await;
    assert!(!approved);
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let line = logged.lines().find(|line| line.contains("somebody in slack is nobody here")).unwrap();
    for part in ["INFO", r#"slack.workspace="T1""#, r#"slack.user="U-rin""#, r#"code="unknown""#] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!logged.contains("swordfish"), "{logged}");
}

/// A world in which Gus is a guest.
async fn with_a_guest() -> World {
    let world = World::new().await;
    let mut guest = told("gus");
    guest["is_restricted"] = json!(true);
    world.slack.add("U-gus", guest);
    world
}

#[tokio::test]
async fn what_a_stranger_commands_is_recorded_by_ids_and_reason_and_what_they_look_at_is_not() {
    let world = with_a_guest().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    for action in ["approve", "deny", "end", "details", "ask", "ask-again"] {
        world.pressed("gus", action, &id.to_string()).await;
    }
    for text in ["", "help", "link CODE"] {
        world.command("gus", text).await;
        world.work().await;
    }
    let shortcut = json!({
        "type": "shortcut", "team": { "id": "T1" }, "user": { "id": "U-gus" },
        "callback_id": "request-access", "trigger_id": "tr",
    });
    world.interact(&shortcut).await.taken();
    let asks = [
        ("accounts", json!({ "selected_options": [{ "value": PAYMENTS }] })),
        ("permission-set", json!({ "selected_option": { "value": ADMIN } })),
        ("duration", json!({ "selected_option": { "value": "60" } })),
        ("reason", json!({ "value": "the disk is full again" })),
    ];
    world.interact(&submission("gus", &modal("request", "{}", &asks))).await.json();
    world.work().await;
    let expected = ["approve", "deny", "revoke", "link", "submit"];
    let expected = expected.map(|command| format!("refused {command} guest slack/T1/U-gus slack"));
    assert_eq!(world.recorded().await, expected);
    assert_eq!(world.state(id).await, "pending");
}

#[tokio::test]
async fn a_message_or_a_job_of_a_stranger_that_comes_again_is_recorded_once() {
    let world = with_a_guest().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    for action in ["approve", "deny"] {
        world.later(1);
        let body = interaction(&pressed("gus", action, &id.to_string()));
        let (signature, now) = world.signature(&body);
        for _ in 0..2 {
            let headers = [(SIGNATURE, signature.as_str()), (TIMESTAMP, now.as_str())];
            world.send("/slack/interactions", &headers, &body).await.taken();
            let job = world.jobs.take().remove(0);
            for _ in 0..2 {
                work(&world.app, &job).await.unwrap();
            }
        }
    }
    let expected = ["approve", "deny"].map(|it| format!("refused {it} guest slack/T1/U-gus slack"));
    assert_eq!(world.recorded().await, expected);
}

#[tokio::test]
async fn the_id_of_a_batch_is_not_recorded_as_that_of_a_request() {
    let world = with_a_guest().await;
    let id = world.asked("alice", &[PAYMENTS, SHOP], ADMIN).await[0];
    let (one, batch) = (id.to_string(), world.batch_of(id).await);
    for (action, value) in
        [("approve", &one), ("deny", &one), ("approve", &batch), ("deny", &batch), ("choose", &batch)]
    {
        world.pressed("gus", action, value).await;
    }
    let page = PageRequest { limit: 200, after: None };
    let found = world.kari.store.audit(&AuditFilter::default(), &page).await.unwrap();
    let events = found.items.iter().rev().map(|item| serde_json::from_str::<Envelope>(&item.bytes).unwrap());
    let refused: Vec<_> = events
        .filter(|event| event.kind == "attempt-refused")
        .map(|event| (event.data["command"].clone(), event.data["request"].clone()))
        .collect();
    let expected = [
        (json!("approve"), json!(one)),
        (json!("deny"), json!(one)),
        (json!("approve"), Value::Null),
        (json!("deny"), Value::Null),
        (json!("review"), Value::Null),
    ];
    assert_eq!(refused, expected);
}

#[test]
fn the_codes_of_strangers_are_those_that_they_are_written_as() {
    for stranger in [
        Stranger::ForeignWorkspace,
        Stranger::Guest,
        Stranger::Nobody,
        Stranger::NoEmail,
        Stranger::Unknown,
        Stranger::Ambiguous,
        Stranger::Disabled,
        Stranger::NotLinked,
    ] {
        assert_eq!(serde_json::to_value(stranger).unwrap(), stranger.code());
    }
}
