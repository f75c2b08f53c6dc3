//! Every view in both languages, as Slack gets it. `tests/slack` holds these snapshots against Slack's limits.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::world::{ADMIN, PAYMENTS, PLAYGROUND, READ, SHOP, VAULT, World, modal, pressed, submission, told};

const LOCALES: [(&str, &str); 2] = [("en", "en-US"), ("ja", "ja-JP")];
const WHY: &str = "INC-1: fix: step 2 <!channel> *now* 🙂\n障害対応のため本番の状態を確認します";

/// A town whose people speak this language.
async fn speaking(locale: &str) -> World {
    speaking_in(World::new().await, locale)
}

fn speaking_in(world: World, locale: &str) -> World {
    for name in ["alice", "rin", "sam", "gus"] {
        let mut user = told(name);
        user["locale"] = json!(locale);
        user["is_restricted"] = json!(name == "gus");
        world.slack.add(&format!("U-{name}"), user);
    }
    world
}

fn chosen(accounts: &[&str], set: &str, minutes: &str) -> Value {
    let accounts: Vec<_> = accounts.iter().map(|id| json!({ "value": id })).collect();
    modal(
        "request",
        "{\"accounts\":[]}",
        &[
            ("accounts", json!({ "selected_options": accounts })),
            ("permission-set", json!({ "selected_option": { "value": set } })),
            ("duration", json!({ "selected_option": { "value": minutes } })),
            ("reason", json!({ "value": WHY })),
            ("start", json!({ "selected_date_time": 1_795_492_800 })),
        ],
    )
}

/// The form after something was chosen in it.
async fn after_choosing(world: &World, view: Value) -> Value {
    let mut changed = pressed("alice", "accounts", "");
    changed["channel"] = Value::Null;
    changed["view"] = view;
    world.interact(&changed).await.taken();
    world.slack.only("views.update")["view"].clone()
}

async fn home(world: &World, who: &str) -> Value {
    let event = json!({ "type": "app_home_opened", "user": format!("U-{who}"), "tab": "home" });
    let push = json!({ "type": "event_callback", "team_id": "T1", "event": event });
    world.signed("/slack/events", &push.to_string()).await.taken();
    world.work().await;
    world.slack.only("views.publish")["view"].clone()
}

#[tokio::test]
async fn forms_that_ask() {
    for (language, locale) in LOCALES {
        let world = speaking(locale).await;
        world.command("alice", "").await.taken();
        let empty = world.slack.only("views.open")["view"].clone();
        insta::assert_json_snapshot!(format!("form_empty_{language}"), empty);
        world.command("rin", "").await.taken();
        let nothing = world.slack.only("views.open")["view"].clone();
        insta::assert_json_snapshot!(format!("form_nothing_to_ask_for_{language}"), nothing);

        let active = world.asked("alice", &[PLAYGROUND], ADMIN).await[0];
        assert_eq!(world.drive(active).await, "active");
        let one = after_choosing(&world, chosen(&[PAYMENTS], ADMIN, "60")).await;
        insta::assert_json_snapshot!(format!("form_reviewed_{language}"), one);
        let several = after_choosing(&world, chosen(&[PAYMENTS, VAULT, PLAYGROUND], READ, "480")).await;
        insta::assert_json_snapshot!(format!("form_several_{language}"), several);
        let refused = after_choosing(&world, chosen(&[SHOP], READ, "60")).await;
        insta::assert_json_snapshot!(format!("form_refused_{language}"), refused);
    }
}

#[tokio::test]
async fn what_came_of_it() {
    for (language, locale) in LOCALES {
        let world = speaking(locale).await;
        let all = chosen(&[PAYMENTS, VAULT, PLAYGROUND], ADMIN, "60");
        let waiting = world.interact(&submission("alice", &all)).await.json();
        insta::assert_json_snapshot!(format!("waiting_{language}"), waiting["view"]);
        let vault = VAULT.parse().unwrap();
        world.identity_center.with(|simulated, now| simulated.suspend_account(now, &vault)).unwrap();
        world.work().await;
        let some = world.slack.only("views.update")["view"].clone();
        insta::assert_json_snapshot!(format!("outcome_some_{language}"), some);
        let wrong = world.interact(&submission("alice", &chosen(&[SHOP], READ, "600"))).await.json();
        insta::assert_json_snapshot!(format!("errors_{language}"), wrong);
    }
}

#[tokio::test]
async fn forms_that_decide() {
    for (language, locale) in LOCALES {
        let world = speaking(locale).await;
        let ids = world.asked_because("alice", &[PAYMENTS, SHOP], ADMIN, WHY).await;
        world.press("rin", "deny", &ids[0].to_string()).await;
        insta::assert_json_snapshot!(format!("deny_{language}"), world.slack.only("views.open")["view"]);
        let batch = world.batch_of(ids[0]).await;
        world.press("rin", "deny", &batch).await;
        insta::assert_json_snapshot!(
            format!("deny_batch_{language}"),
            world.slack.only("views.open")["view"]
        );
        world.press("rin", "choose", &batch).await;
        insta::assert_json_snapshot!(format!("choose_{language}"), world.slack.only("views.open")["view"]);
    }
}

#[tokio::test]
async fn answers_that_only_one_person_sees() {
    for (language, locale) in LOCALES {
        let answer = speaking(locale).await.command("gus", "").await.json();
        insta::assert_json_snapshot!(format!("private_{language}"), answer);
    }
}

#[tokio::test]
async fn homes() {
    for (language, locale) in LOCALES {
        let world = speaking(locale).await;
        insta::assert_json_snapshot!(format!("home_empty_{language}"), home(&world, "sam").await);
        insta::assert_json_snapshot!(format!("home_of_a_guest_{language}"), home(&world, "gus").await);
        let active = world.asked("alice", &[PLAYGROUND], ADMIN).await[0];
        assert_eq!(world.drive(active).await, "active");
        world.asked_because("alice", &[PAYMENTS], ADMIN, WHY).await;
        insta::assert_json_snapshot!(format!("home_requester_{language}"), home(&world, "alice").await);
        insta::assert_json_snapshot!(format!("home_reviewer_{language}"), home(&world, "rin").await);
    }
}

/// How much there is of each: more than a Home shows.
const MANY: u64 = 12;

/// A town with many accounts, in which Rin, who reviews, may ask as well.
fn busy_town() -> String {
    let (of_alice, of_both) = (r#"members = ["alice"]"#, r#"members = ["alice", "rin"]"#);
    let mut town = include_str!("town.toml").replace(of_alice, of_both);
    for number in 1..=MANY {
        for (unit, digit) in [("production", 5), ("sandbox", 6)] {
            let (id, name) = (format!("{digit}{number:011}"), format!("{unit}-{number}"));
            write!(town, "\n[[account]]\nid = \"{id}\"\nname = \"{name}\"\nunit = \"{unit}\"\n").unwrap();
        }
    }
    town
}

#[tokio::test]
async fn a_home_with_more_than_it_can_show_and_the_longest_texts_stays_within_slacks_limits() {
    let longest = "あ".repeat(1_000);
    for (language, locale) in LOCALES {
        let world = speaking_in(World::of(&busy_town()).await, locale);
        for number in 1..=MANY {
            let (production, sandbox) = (format!("5{number:011}"), format!("6{number:011}"));
            world.asked("rin", &[&sandbox], ADMIN).await;
            world.asked("rin", &[&production], ADMIN).await;
            world.asked_because("alice", &[&production], ADMIN, &longest).await;
            world.later(1);
        }
        insta::assert_json_snapshot!(format!("home_long_{language}"), home(&world, "rin").await);
    }
}
