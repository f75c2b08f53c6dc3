use kari_domain::directory::{Snapshot, User};

use super::*;

fn person(workspace: &str) -> SlackPerson {
    SlackPerson { workspace: workspace.to_owned(), id: "U1".to_owned() }
}

fn trust() -> Trust {
    Trust { workspaces: ["T1".to_owned(), "T2".to_owned()].into(), linked_only: false }
}

/// What `users.info` says of somebody, with this changed.
fn told(change: serde_json::Value) -> Profile {
    let mut user = serde_json::json!({
        "id": "U1", "team_id": "T1", "deleted": false, "is_bot": false, "is_restricted": false,
        "is_ultra_restricted": false, "locale": "ja-JP",
        "profile": { "email": "Alice@Town.example" },
    });
    let changes: serde_json::Map<_, _> = serde_json::from_value(change).unwrap();
    user.as_object_mut().unwrap().extend(changes);
    let user: SlackUser = serde_json::from_value(user).unwrap();
    Profile::from(&user)
}

fn admitted(workspace: &str, profile: &Profile) -> Result<(), Stranger> {
    admit(&trust(), &person(workspace), profile)
}

fn user(id: &str, email: Option<&str>, enabled: bool) -> User {
    User {
        id: id.parse().unwrap(),
        user_name: id.to_owned(),
        display_name: id.to_owned(),
        email: email.map(str::to_owned),
        enabled,
    }
}

fn found(email: Option<&str>, users: &[User]) -> Result<String, Stranger> {
    let users = users.iter().map(|user| (user.id.clone(), user.clone())).collect();
    let snapshot = Snapshot { users, ..Snapshot::default() };
    user_by_email(email, &snapshot).map(|user| user.id.to_string())
}

#[test]
fn people_of_the_permitted_workspaces_are_admitted() {
    for workspace in ["T1", "T2"] {
        assert_eq!(admitted(workspace, &told(serde_json::json!({}))), Ok(()));
    }
    let of_a_grid = serde_json::json!({
        "team_id": "T9",
        "enterprise_user": { "id": "W1", "enterprise_id": "E1", "teams": ["T2", "T9"] },
    });
    assert_eq!(admitted("T1", &told(of_a_grid)), Ok(()));
}

#[test]
fn people_of_other_workspaces_are_not_wherever_they_act() {
    assert_eq!(admitted("T3", &told(serde_json::json!({}))), Err(Stranger::ForeignWorkspace));
    for change in [
        serde_json::json!({ "team_id": "T3" }),
        serde_json::json!({ "team_id": null }),
        serde_json::json!({ "is_stranger": true }),
        serde_json::json!({
            "team_id": "T3",
            "enterprise_user": { "id": "W1", "enterprise_id": "E2", "teams": ["T3"] },
        }),
    ] {
        assert_eq!(admitted("T1", &told(change.clone())), Err(Stranger::ForeignWorkspace), "{change}");
    }
}

#[test]
fn a_deployment_that_permits_no_workspace_permits_nobody() {
    let nobody = Trust::default();
    let profile = told(serde_json::json!({}));
    assert_eq!(admit(&nobody, &person("T1"), &profile), Err(Stranger::ForeignWorkspace));
}

#[test]
fn guests_programs_and_accounts_that_were_deactivated_are_not_admitted() {
    for (change, stranger) in [
        (serde_json::json!({ "is_restricted": true }), Stranger::Guest),
        (serde_json::json!({ "is_ultra_restricted": true }), Stranger::Guest),
        (
            serde_json::json!({
                "enterprise_user": { "id": "W1", "enterprise_id": "E1", "teams": ["T1"], "is_restricted": true },
            }),
            Stranger::Guest,
        ),
        (serde_json::json!({ "is_bot": true }), Stranger::Nobody),
        (serde_json::json!({ "deleted": true }), Stranger::Nobody),
    ] {
        assert_eq!(admitted("T1", &told(change.clone())), Err(stranger), "{change}");
    }
}

#[test]
fn an_address_leads_to_its_one_enabled_user_whatever_its_case() {
    let alice = user("u-alice", Some("alice@town.EXAMPLE"), true);
    let bob = user("u-bob", Some("bob@town.example"), true);
    let nobody = user("u-nobody", None, true);
    let all = [alice.clone(), bob, nobody];
    assert_eq!(found(Some("Alice@Town.example"), &all), Ok("u-alice".to_owned()));
    let former = user("u-former", Some("Alice@town.example"), false);
    assert_eq!(found(Some("alice@town.example"), &[alice, former]), Ok("u-alice".to_owned()));
}

#[test]
fn an_address_that_leads_to_nobody_or_to_more_than_one_leads_nowhere() {
    let alice = user("u-alice", Some("alice@town.example"), true);
    let same = user("u-alice-2", Some("ALICE@town.example"), true);
    let disabled = user("u-dora", Some("dora@town.example"), false);
    let all = [alice, same, disabled];
    assert_eq!(found(Some("alice@town.example"), &all), Err(Stranger::Ambiguous));
    assert_eq!(found(Some("dora@town.example"), &all), Err(Stranger::Disabled));
    assert_eq!(found(Some("alice@other.example"), &all), Err(Stranger::Unknown));
    assert_eq!(found(Some("alice"), &all), Err(Stranger::Unknown));
    assert_eq!(found(None, &all), Err(Stranger::NoEmail));
    assert_eq!(told(serde_json::json!({ "profile": { "email": "" } })).email, None);
}
