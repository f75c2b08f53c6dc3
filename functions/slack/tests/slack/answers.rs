//! What somebody is told is no longer than Slack takes.

use kari_application::edit_policies::{Editor, create_policy};
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::policy::{Effect, Guardrail, PermissionSets, Principals, Targets};
use kari_domain::text::PolicyName;
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
