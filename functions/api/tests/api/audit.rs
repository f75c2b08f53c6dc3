//! What an auditor finds of requests that came to nothing.

use kari_application::edit_policies::{Editor, change_settings};
use kari_domain::audit::{Actor, Cause};
use kari_domain::ids::UserId;
use kari_domain::settings::Settings;
use serde_json::{Value, json};

use crate::world::{ADMIN, Call, PAYMENTS, PLAYGROUND, READ, SHOP, World, wanted};

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
