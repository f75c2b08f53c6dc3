//! `/access`: the form, its searches, and what comes of it.

use axum::http::StatusCode;
use kari_application::load_request;
use kari_application::ports::{PageRequest, RequestFilter, RequestScope};
use kari_domain::ids::RequestId;
use kari_domain::request::RequestState;
use serde_json::{Value, json};

use crate::world::{ADMIN, Answer, PAYMENTS, PLAYGROUND, READ, SHOP, WHY, World, modal, submission, told};

fn texts(view: &Value) -> String {
    view.to_string()
}

fn block<'a>(view: &'a Value, id: &str) -> &'a Value {
    view["blocks"].as_array().unwrap().iter().find(|block| block["block_id"] == id).unwrap()
}

/// The form, filled in.
pub(crate) fn filled(accounts: &[&str], set: &str, minutes: u32, why: &str) -> Vec<(&'static str, Value)> {
    let chosen: Vec<_> = accounts.iter().map(|id| json!({ "value": id })).collect();
    vec![
        ("accounts", json!({ "type": "multi_external_select", "selected_options": chosen })),
        ("permission-set", json!({ "type": "external_select", "selected_option": { "value": set } })),
        ("duration", json!({ "type": "static_select", "selected_option": { "value": minutes.to_string() } })),
        ("start", json!({ "type": "datetimepicker", "selected_date_time": null })),
        ("reason", json!({ "type": "plain_text_input", "value": why })),
        ("ticket", json!({ "type": "plain_text_input", "value": null })),
    ]
}

pub(crate) async fn send(world: &World, fields: &[(&str, Value)]) -> Answer {
    world.interact(&submission("alice", &modal("request", "{\"accounts\":[]}", fields))).await
}

async fn search(world: &World, who: &str, action: &str, value: &str, chosen: &[&str]) -> Vec<String> {
    let fields = filled(chosen, ADMIN, 60, "");
    let payload = json!({
        "type": "block_suggestion", "team": { "id": "T1" }, "user": { "id": format!("U-{who}") },
        "action_id": action, "block_id": action, "value": value,
        "view": modal("request", "{\"accounts\":[]}", &fields[..1]),
    });
    let answer = world.interact(&payload).await.json();
    let options = answer["options"].as_array().unwrap().clone();
    options.iter().map(|option| option["text"]["text"].as_str().unwrap().to_owned()).collect()
}

/// The one request that there is.
async fn made(world: &World) -> RequestId {
    let (page, scope) = (PageRequest { limit: 10, after: None }, RequestScope::All);
    let found = world.kari.store.requests(&scope, &RequestFilter::default(), &page).await.unwrap();
    assert_eq!(found.items.len(), 1);
    found.items[0].request.as_ref().unwrap().id
}

#[tokio::test]
async fn the_command_and_the_shortcut_open_the_form_at_once() {
    let world = World::new().await;
    world.command("alice", "").await.taken();
    let opened = world.slack.only("views.open");
    assert_eq!(opened["trigger_id"], "tr");
    assert_eq!(block(&opened["view"], "accounts")["element"]["type"], "multi_external_select");
    let shortcut = json!({
        "type": "shortcut", "callback_id": "request-access", "trigger_id": "tr2",
        "team": { "id": "T1" }, "user": { "id": "U-alice", "team_id": "T1" },
    });
    world.interact(&shortcut).await.taken();
    assert_eq!(world.slack.only("views.open")["trigger_id"], "tr2");
    assert!(world.jobs.take().is_empty(), "a trigger is good for three seconds");
}

#[tokio::test]
async fn the_form_shows_what_one_has_with_a_button_that_ends_it() {
    let world = World::new().await;
    let id = world.asked("alice", &[PLAYGROUND], ADMIN).await[0];
    assert_eq!(world.drive(id).await, "active");
    world.command("alice", "").await.taken();
    let view = world.slack.only("views.open")["view"].clone();
    let button = &view["blocks"][1]["accessory"];
    assert_eq!((&button["action_id"], &button["value"]), (&json!("end"), &json!(id.to_string())));
    let mut pressed = crate::world::pressed("alice", "end", &id.to_string());
    pressed["channel"] = Value::Null;
    pressed["view"] = modal("request", "{\"accounts\":[]}", &[]);
    world.interact(&pressed).await.taken();
    world.work().await;
    assert_eq!(world.drive(id).await, "ending");
    assert!(texts(&world.slack.only("views.update")).contains("It is being ended"));
}

#[tokio::test]
async fn whoever_is_nobody_here_is_told_where_they_asked() {
    let world = World::new().await;
    let mut guest = told("gus");
    guest["is_restricted"] = json!(true);
    world.slack.add("U-gus", guest);
    let answer = world.command("gus", "").await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = answer.json();
    assert_eq!(answer["response_type"], "ephemeral");
    assert!(answer["text"].as_str().unwrap().starts_with("Guests of the workspace"));
    assert!(search(&world, "gus", "accounts", "pay", &[]).await.is_empty());
}

#[tokio::test]
async fn a_trigger_that_is_too_old_is_told() {
    let world = World::new().await;
    world.slack.fail("views.open", "expired_trigger_id");
    let answer = world.command("alice", "").await.json();
    assert!(answer["text"].as_str().unwrap().starts_with("Slack did not answer in time"));
}

#[tokio::test]
async fn accounts_are_searched_among_those_that_one_may_ask_for() {
    let world = World::new().await;
    let all = search(&world, "alice", "accounts", "", &[]).await;
    assert_eq!(
        all,
        [
            "payments (111111111111)",
            "playground (333333333333)",
            "shop (222222222222)",
            "vault (444444444444)"
        ]
    );
    assert_eq!(search(&world, "alice", "accounts", "PAY", &[]).await, ["payments (111111111111)"]);
    assert_eq!(search(&world, "alice", "accounts", "sandbox", &[]).await, ["playground (333333333333)"]);
    assert_eq!(search(&world, "alice", "accounts", "4444", &[]).await, ["vault (444444444444)"]);
    assert!(search(&world, "rin", "accounts", "", &[]).await.is_empty(), "they may ask for nothing");
}

#[tokio::test]
async fn of_five_thousand_accounts_a_search_gives_a_hundred_and_finds_each() {
    use std::fmt::Write;
    let mut town = include_str!("town.toml").to_owned();
    for number in 0..5_000_u64 {
        let id = 500_000_000_000 + number;
        write!(town, "\n[[account]]\nid = \"{id}\"\nname = \"service-{number}\"\nunit = \"production\"\n")
            .unwrap();
    }
    let world = World::of(&town).await;
    assert_eq!(search(&world, "alice", "accounts", "", &[]).await.len(), 100);
    assert_eq!(
        search(&world, "alice", "accounts", "service-4999", &[]).await,
        ["service-4999 (500000004999)"]
    );
    assert_eq!(search(&world, "alice", "accounts", "500000000042", &[]).await, ["service-42 (500000000042)"]);
    let chosen = ["500000000000", "500000004999"];
    assert_eq!(search(&world, "alice", "permission-set", "", &chosen).await.len(), 2);
}

#[tokio::test]
async fn permission_sets_are_those_that_all_chosen_accounts_have_on_offer() {
    let world = World::new().await;
    let both = ["AdministratorAccess", "ReadOnlyAccess"];
    assert_eq!(search(&world, "alice", "permission-set", "", &[PAYMENTS]).await, both);
    assert_eq!(search(&world, "alice", "permission-set", "read", &[PAYMENTS]).await, ["ReadOnlyAccess"]);
    assert_eq!(
        search(&world, "alice", "permission-set", "", &[PAYMENTS, SHOP]).await,
        ["AdministratorAccess"]
    );
    assert!(search(&world, "alice", "permission-set", "", &[]).await.is_empty());
    assert!(search(&world, "alice", "permission-set", "", &[PAYMENTS, "100000000000"]).await.is_empty());
}

#[tokio::test]
async fn the_form_says_who_will_approve_as_soon_as_it_can_be_told() {
    let world = World::new().await;
    let mut changed = crate::world::pressed("alice", "permission-set", "");
    changed["channel"] = Value::Null;
    changed["view"] = modal("request", "{\"accounts\":[]}", &filled(&[PAYMENTS], ADMIN, 60, ""));
    world.interact(&changed).await.taken();
    let updated = world.slack.only("views.update");
    assert_eq!((&updated["view_id"], &updated["hash"]), (&json!("V1"), &json!("h1")));
    let view = texts(&updated["view"]);
    assert!(view.contains("One of these people has to approve: ") && view.contains("Rin Reviewer"), "{view}");
    assert_eq!(
        block(&updated["view"], "duration")["element"]["options"].as_array().unwrap().len(),
        5,
        "four hours"
    );

    changed["view"] = modal("request", "{\"accounts\":[]}", &filled(&[PAYMENTS, PLAYGROUND], ADMIN, 60, ""));
    world.interact(&changed).await.taken();
    let view = texts(&world.slack.only("views.update"));
    assert!(
        view.contains("playground: No approval is needed") && view.contains("payments: One of these"),
        "{view}"
    );
    assert!(view.contains("Play, but clean up."), "the note of the policy");
}

#[tokio::test]
async fn of_more_accounts_than_are_looked_at_the_form_says_so_and_what_differs_is_said_by_account() {
    use std::fmt::Write;
    let mut town = include_str!("town.toml").to_owned();
    let mut sandboxes = vec![];
    for number in 1..=5_u64 {
        let id = (600_000_000_000 + number).to_string();
        write!(town, "\n[[account]]\nid = \"{id}\"\nname = \"box-{number}\"\nunit = \"sandbox\"\n").unwrap();
        sandboxes.push(id);
    }
    let world = World::of(&town).await;
    for (locale, before, within, alike) in [
        (
            "en-US",
            "For the first 5 of 6 accounts:",
            "payments: One of",
            "box-1, box-2, box-3, box-4: No approval",
        ),
        ("ja-JP", "6件のうち最初の5件", "payments: 次のうち1名", "box-1、box-2、box-3、box-4: 承認は不要"),
    ] {
        let mut alice = told("alice");
        alice["locale"] = json!(locale);
        world.slack.add("U-alice", alice);
        // What Slack says of her is remembered for a minute.
        world.later(2);
        let boxes: Vec<_> = sandboxes.iter().map(String::as_str).collect();
        let view = after_choosing(&world, &[&boxes[..], &[PAYMENTS][..]].concat()).await;
        assert!(view.contains(before) && !view.contains(within), "{view}");
        let view = after_choosing(&world, &[&[PAYMENTS][..], &boxes[..]].concat()).await;
        assert!(view.contains(before) && view.contains(within) && view.contains(alike), "{view}");
        let view = after_choosing(&world, &boxes).await;
        assert!(!view.contains("of 5 accounts") && !view.contains("5件のうち"), "{view}");
    }
}

/// What the form says after these accounts were chosen.
async fn after_choosing(world: &World, accounts: &[&str]) -> String {
    let mut changed = crate::world::pressed("alice", "accounts", "");
    changed["channel"] = Value::Null;
    changed["view"] = modal("request", "{\"accounts\":[]}", &filled(accounts, ADMIN, 60, ""));
    world.interact(&changed).await.taken();
    texts(&world.slack.only("views.update")["view"])
}

#[tokio::test]
async fn a_request_from_the_form_is_that_of_the_portal_and_the_form_shows_what_came_of_it() {
    let world = World::new().await;
    let answer = send(&world, &filled(&[PAYMENTS], ADMIN, 60, WHY)).await.json();
    assert_eq!(answer["response_action"], "update");
    assert!(texts(&answer).contains("Your request is being sent"));
    world.work().await;
    let updated = world.slack.only("views.update");
    assert!(texts(&updated).contains("payments (111111111111) — Waiting for approval"), "{updated}");
    let request = load_request(&world.kari, made(&world).await).await.unwrap().state;
    let submission = &request.asked().unwrap().submission;
    assert_eq!((request.state(), submission.duration_minutes.0), (RequestState::Pending, 60));
    assert_eq!(world.recorded().await, ["requested u-alice slack"]);
}

#[tokio::test]
async fn reasons_are_taken_as_they_are_written() {
    for why in [
        "INC-1: fix: step 2",
        "<!channel> please & <@U-rin> <https://evil.example|here>",
        "*bold* _or_ `not` ~at all~ :smile:",
        "disk full 🙂👨‍👩‍👧 now",
        "first line\nsecond line",
        WHY,
        &"あ".repeat(1_000),
    ] {
        let world = World::new().await;
        send(&world, &filled(&[PAYMENTS], ADMIN, 60, why)).await;
        world.work().await;
        let request = load_request(&world.kari, made(&world).await).await.unwrap().state;
        let justification = request.asked().unwrap().submission.justification.clone().unwrap();
        assert_eq!(justification.as_str(), why);
        // Reviewers see it as it is, wherever it stands.
        world.slack.take();
        let opened = json!({
            "type": "event_callback", "team_id": "T1",
            "event": { "type": "app_home_opened", "user": "U-rin", "tab": "home" },
        });
        world.signed("/slack/events", &opened.to_string()).await.taken();
        world.work().await;
        let home = world.slack.only("views.publish");
        let told = home["view"]["blocks"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|block| block["elements"].as_array().cloned().unwrap_or_default());
        let holding: Vec<_> =
            told.filter(|it| it["text"].as_str().is_some_and(|text| text.contains(why))).collect();
        assert_eq!(holding.len(), 1, "{why}");
        assert_eq!((&holding[0]["type"], &holding[0]["emoji"]), (&json!("plain_text"), &json!(false)));
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_nothing_is_sent() {
    let world = World::new().await;
    let tomorrow_but_one_month = json!({ "selected_date_time": 1_800_000_000 });
    for (fields, field, said) in [
        (filled(&[], ADMIN, 60, WHY), "accounts", "This is needed."),
        (filled(&[PAYMENTS], ADMIN, 60, "short"), "reason", "The justification needs at least 10"),
        (filled(&[PAYMENTS], ADMIN, 480, WHY), "duration", "allows you at most 4 hours here"),
        (filled(&[SHOP], READ, 60, WHY), "permission-set", "Nobody reads in the shop"),
        (filled(&["999999999999"], ADMIN, 60, WHY), "accounts", "The account is closed"),
        (filled(&[PAYMENTS, SHOP], READ, 60, WHY), "permission-set", "shop: The guardrail"),
    ] {
        let answer = send(&world, &fields).await.json();
        assert_eq!(answer["response_action"], "errors");
        assert!(answer["errors"][field].as_str().unwrap().contains(said), "{answer}");
    }
    let mut late = filled(&[PAYMENTS], ADMIN, 60, WHY);
    late[3].1 = tomorrow_but_one_month;
    let answer = send(&world, &late).await.json();
    assert!(
        answer["errors"]["start"].as_str().unwrap().starts_with("Access can start at most 30 days"),
        "{answer}"
    );
    assert!(world.jobs.take().is_empty());
}

#[tokio::test]
async fn what_became_impossible_after_the_form_was_sent_is_said_in_it_and_recorded() {
    let world = World::new().await;
    send(&world, &filled(&[PAYMENTS], ADMIN, 60, WHY)).await;
    world.leave_group("alice", "g-developers");
    world.work().await;
    let updated = texts(&world.slack.only("views.update"));
    assert!(updated.contains("Nothing was sent.") && updated.contains("No policy lets you"), "{updated}");
    assert_eq!(world.recorded().await, ["refused submit ineligible u-alice slack"]);
}

#[tokio::test]
async fn the_same_can_be_asked_for_again_with_one_button() {
    let world = World::new().await;
    let id = world.asked("alice", &[PAYMENTS], ADMIN).await[0];
    world.press("alice", "ask-again", &id.to_string()).await;
    let view = world.slack.only("views.open")["view"].clone();
    assert_eq!(block(&view, "accounts")["element"]["initial_options"][0]["value"], PAYMENTS);
    assert_eq!(block(&view, "permission-set")["element"]["initial_option"]["value"], ADMIN);
    assert_eq!(block(&view, "reason")["element"]["initial_value"], WHY);
    assert!(texts(&view).contains("You asked for the same already"));
}
