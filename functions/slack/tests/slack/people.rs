//! Who may command anything at all.

use std::io::Write;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use kari_slack::Language;
use kari_slack::identity::Stranger;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::world::{ADMIN, PAYMENTS, World, pressed, told};

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

#[tokio::test]
async fn what_a_stranger_commands_is_recorded_by_ids_and_reason_and_what_they_look_at_is_not() {
    let world = World::new().await;
    let mut guest = told("gus");
    guest["is_restricted"] = json!(true);
    world.slack.add("U-gus", guest);
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    for action in ["approve", "deny", "details"] {
        world.interact(&pressed("gus", action, &id.to_string())).await.taken();
        world.work().await;
    }
    for text in ["", "link CODE"] {
        world.command("gus", text).await;
        world.work().await;
    }
    let expected = ["approve", "deny", "submit", "link"];
    let expected = expected.map(|command| format!("refused {command} guest slack/T1/U-gus slack"));
    assert_eq!(world.recorded().await, expected);
    assert_eq!(world.state(id).await, "pending");
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
