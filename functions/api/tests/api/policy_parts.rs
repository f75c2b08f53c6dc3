//! Policies that are too long for one answer are told in parts.

use std::collections::BTreeSet;

use kari_domain::directory::User;
use serde_json::{Value, json};

use crate::world::{ADMIN, World};

const ELIGIBILITY: &str = "/v1/policies/eligibility";
/// Nearly as many as one policy may name.
const PEOPLE: usize = 480;
/// More than fit into one answer, where each names so many people.
const LONG_POLICIES: usize = 65;
/// What the items of one answer take at most, and a little for what is around them.
const MOST_BYTES: usize = 2_001_000;

async fn with_long_policies() -> World {
    let world = World::new().await;
    // The longest ids that there may be.
    let people: Vec<String> = (0..PEOPLE).map(|at| format!("u-{at:062}")).collect();
    for id in &people {
        let user = User {
            id: id.parse().unwrap(),
            user_name: id.clone(),
            display_name: id.clone(),
            email: None,
            enabled: true,
        };
        world.identity_center.with(|center, now| center.add_user(now, &user)).unwrap();
    }
    world.sync().await;
    for at in 0..LONG_POLICIES {
        let policy = json!({
            "id": format!("long-{at:02}"), "name": "Many by name", "enabled": true,
            "principals": { "users": people }, "targets": { "units": ["ou-town-sandbox"] },
            "permission_sets": { "these": [ADMIN] }, "max_duration_minutes": 120,
            "approval_required": true, "ticket_required": false,
        });
        world.post("adam", ELIGIBILITY, policy).await.ok();
    }
    world
}

fn ids(part: &Value) -> Vec<String> {
    let items = part["items"].as_array().unwrap().iter();
    items.map(|item| item["policy"]["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_list_that_is_too_long_for_one_answer_comes_in_parts_with_each_policy_once_and_in_order() {
    let world = with_long_policies().await;
    let (mut found, mut versions, mut lengths) = (vec![], BTreeSet::new(), vec![]);
    let mut path = Some(ELIGIBILITY.to_owned());
    while let Some(here) = path {
        let answer = world.get("odette", &here).await;
        lengths.push(answer.text.len());
        assert!(lengths.len() < 10, "it comes to an end");
        let part = answer.ok();
        versions.insert(part["version"].as_u64().unwrap());
        found.extend(ids(&part));
        path = part["next"].as_str().map(|next| format!("{ELIGIBILITY}?cursor={next}"));
    }
    let long = (0..LONG_POLICIES).map(|at| format!("long-{at:02}"));
    let all: Vec<String> = long.chain(["production", "sandbox"].map(str::to_owned)).collect();
    assert_eq!(found, all);
    assert_eq!(lengths.len(), 2, "{lengths:?}");
    assert!(lengths.iter().all(|length| *length <= MOST_BYTES), "{lengths:?}");
    assert_eq!(versions.len(), 1, "nothing was changed between them");
}

#[tokio::test]
async fn a_part_begins_behind_any_id_and_what_is_no_id_is_refused() {
    let world = World::new().await;
    let too_long = "a".repeat(65);
    let table = [
        ("an-id-that-no-policy-has", Ok(vec!["production", "sandbox"])),
        ("production", Ok(vec!["sandbox"])),
        ("sandbox", Ok(vec![])),
        ("Production", Err("400 bad-cursor")),
        ("pro%20duction", Err("400 bad-cursor")),
        (too_long.as_str(), Err("400 bad-cursor")),
    ];
    for (cursor, expected) in table {
        let answer = world.get("odette", &format!("{ELIGIBILITY}?cursor={cursor}")).await;
        match expected {
            Ok(behind) => {
                let part = answer.ok();
                assert_eq!(ids(&part), behind, "{cursor}");
                assert_eq!(part["next"], Value::Null, "{cursor}");
            }
            Err(brief) => assert_eq!(answer.brief(), brief, "{cursor}"),
        }
    }
}
