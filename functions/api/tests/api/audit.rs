//! What an auditor finds.

use chrono::TimeDelta;
use kari_application::edit_policies::{Editor, change_settings};
use kari_application::one_time::OneTime;
use kari_application::ports::{Append, StreamAppend};
use kari_application::record_attempt::AttemptEvent;
use kari_application::record_stranger::record_stranger;
use kari_domain::audit::{Actor, AuditEvent, Cause, Head, Stamp, StreamId, SystemReason, seal};
use kari_domain::ids::{AppendId, UserId};
use kari_domain::settings::Settings;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::world::{ADMIN, Call, PAYMENTS, PLAYGROUND, READ, SHOP, World, wanted};

/// Something that takes long to tell.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
enum Tale {
    Told { words: String },
}
impl AuditEvent for Tale {}

/// How a request ended, as the audit has it.
async fn ends(world: &World, id: &str) -> Vec<Value> {
    let path = format!("/v1/audit?stream=request/{id}&kind=closed");
    world.get("odette", &path).await.ok()["items"].as_array().unwrap().clone()
}

async fn end_of(world: &World, id: &str) -> (Value, Value) {
    let ends = ends(world, id).await;
    assert_eq!(ends.len(), 1, "{ends:?}");
    (ends[0]["actor"].clone(), ends[0]["data"]["outcome"].clone())
}

#[tokio::test]
async fn denied_lapsed_failed_and_withdrawn_requests_are_all_in_the_audit() {
    let world = World::new().await;
    let denied = world.asked("alice", PAYMENTS, ADMIN).await;
    let lapsed = world.asked("alice", SHOP, ADMIN).await;
    let failed = world.asked("alice", PLAYGROUND, ADMIN).await;
    let asked = world.call("alice", Call::submit("another-key", wanted(PAYMENTS, READ))).await.ok();
    let withdrawn = asked["results"][0]["request"]["id"].as_str().unwrap();
    world.post("rin", &format!("/v1/requests/{denied}/deny"), json!({ "comment": "not today" })).await.ok();
    world.post("alice", &format!("/v1/requests/{withdrawn}/withdraw"), json!({})).await.ok();
    let alice = UserId::parse("u-alice").unwrap();
    let developers = "g-developers".parse().unwrap();
    world.identity_center.with(|c, now| c.set_membership(now, &alice, &developers, false)).unwrap();
    assert_eq!(world.drive(&failed).await, "closed");
    world.later(8 * 60);
    assert_eq!(world.drive(&lapsed).await, "closed");

    let clock = json!({ "type": "system", "reason": "clock" });
    let person = |id: &str, label: &str| json!({ "type": "user", "id": id, "label": label });
    let rin = person("u-rin", "Rin Reviewer");
    assert_eq!(end_of(&world, &denied).await, (rin, json!("denied")));
    assert_eq!(end_of(&world, &lapsed).await, (clock.clone(), json!("lapsed")));
    assert_eq!(end_of(&world, &failed).await, (clock, json!("failed")));
    assert_eq!(end_of(&world, withdrawn).await, (person("u-alice", "Alice 山田"), json!("withdrawn")));
}

#[tokio::test]
async fn an_operator_is_shown_by_what_aws_calls_them_and_nobody_else_of_the_system_has_a_name() {
    let world = World::new().await;
    let arn = "arn:aws:sts::111122223333:assumed-role/Operators/alice";
    let editor = Editor { actor: Actor::Operator { label: arn.to_owned() }, cause: Cause::Operator };
    let set = world.kari.policies.current().await.unwrap().policy_set().clone();
    let settings = Settings { ticket_required: true, ..set.settings };
    change_settings(&world.kari, &editor, settings, set.settings_version).await.unwrap();
    for (kind, actor) in [
        ("settings-changed", json!({ "type": "system", "reason": "operator", "label": arn })),
        ("policy-created", json!({ "type": "system", "reason": "setup" })),
    ] {
        let found = world.get("odette", &format!("/v1/audit?kind={kind}")).await.ok();
        assert_eq!(found["items"][0]["actor"], actor);
    }
}

#[tokio::test]
async fn a_stranger_is_shown_by_their_account_in_the_channel() {
    let world = World::new().await;
    let (command, code) = ("approve".to_owned(), "guest".to_owned());
    let attempt = AttemptEvent::AttemptRefused { command, request: None, code, detail: String::new() };
    let until = world.kari.clock.now() + TimeDelta::minutes(5);
    let message = OneTime { key: "slack/v0=1".to_owned(), use_id: "1".to_owned(), until };
    record_stranger(&world.kari, "slack", "slack/T1/U1", Cause::Slack, &attempt, &message).await.unwrap();
    let found = world.get("odette", "/v1/audit?stream=attempts/strangers/").await.ok();
    let actor = json!({ "type": "system", "reason": "channel", "label": "slack/T1/U1" });
    assert_eq!((&found["items"][0]["actor"], &found["items"][0]["cause"]), (&actor, &json!("slack")));
}

#[tokio::test]
async fn where_events_are_very_long_an_answer_has_fewer_and_the_next_one_goes_on_behind_them() {
    let world = World::new().await;
    let (id, stream) = (AppendId(world.kari.ids.fresh()), StreamId::channel("tales"));
    let stamp = Stamp {
        append: id,
        at: world.kari.clock.now(),
        actor: Actor::System { reason: SystemReason::Clock },
        cause: Cause::Advance,
    };
    let tales = [(); 60].map(|()| Tale::Told { words: "once upon a time ".repeat(6_000) });
    let (events, _) = seal(&stream, &Head::empty(), &tales, &stamp).unwrap();
    let streams = vec![StreamAppend { stream, expected: Head::empty(), events }];
    let append = Append { id, at: stamp.at, streams, unchanged: vec![], items: vec![], claims: vec![] };
    world.kari.store.append(&append).await.unwrap();

    let first = "/v1/audit?stream=channels/tales&limit=200".to_owned();
    let (mut path, mut parts, mut told) = (Some(first.clone()), 0, vec![]);
    while let Some(asked) = path {
        let part = world.get("odette", &asked).await.ok();
        told.extend(part["items"].as_array().unwrap().iter().map(|item| item["sequence"].as_u64().unwrap()));
        path = part["next"].as_str().map(|next| format!("{first}&cursor={next}"));
        parts += 1;
    }
    assert_eq!(told, (1..=60).rev().collect::<Vec<_>>());
    assert_eq!(parts, 4);
}
