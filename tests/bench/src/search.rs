//! What Slack asks while somebody types into the account field of the form that asks for access, and what is right to
//! answer.

use kari_domain::directory::Snapshot;
use kari_domain::ids::{AccountId, UserId};
use kari_domain::policy::CompiledPolicies;
use kari_slack::views::ids::{action, callback};
use serde_json::{Value, json};

use crate::eligibility::{body, by_name};
use crate::function::WORKSPACE;
use crate::pressed::sent;

/// What they have typed. NB. In names alone it is found: neither ids nor units have it.
const TYPED: &str = "account-4";
/// The most options that Slack takes.
const OPTIONS: usize = 100;

/// What API Gateway hands over of the search of somebody.
pub fn typed_by(person: &UserId) -> String {
    let payload = json!({
        "type": "block_suggestion",
        "team": {"id": WORKSPACE}, "user": {"id": person, "team_id": WORKSPACE},
        "container": {"type": "view", "view_id": "V0REQUEST"},
        "action_id": action::ACCOUNTS, "block_id": action::ACCOUNTS, "value": TYPED,
        "view": {
            "id": "V0REQUEST", "type": "modal", "callback_id": callback::REQUEST,
            "private_metadata": r#"{"accounts":[]}"#, "hash": "1.a", "state": {"values": {}},
        },
    });
    sent(&payload)
}

/// The first accounts by name that have it, and on which a person may ask for anything.
pub fn expected(person: &UserId, organization: &Snapshot, policies: &CompiledPolicies) -> Vec<AccountId> {
    let found = by_name(person, organization, policies, TYPED);
    found.into_iter().take(OPTIONS).map(|(account, _)| account).collect()
}

/// What a function answered, as it hands it over to API Gateway.
pub fn answered(answer: &Value) -> Vec<AccountId> {
    let account = |option: &Value| AccountId::parse(option.get("value")?.as_str()?).ok();
    body(answer).get("options").and_then(Value::as_array).into_iter().flatten().filter_map(account).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Size, organization, policy_set};

    #[test]
    fn there_is_something_to_find_and_slack_takes_all_of_it() {
        let organization = organization(Size { accounts: 500, ..Size::BIG });
        let policies = CompiledPolicies::new(policy_set(&organization, 500));
        let person = organization.users.values().find(|user| user.enabled).unwrap();
        let found = expected(&person.id, &organization, &policies);
        assert!((1..=OPTIONS).contains(&found.len()));
    }

    #[test]
    fn an_answer_is_told_by_the_values_of_its_options() {
        let text = json!({"type": "plain_text", "text": "payments (111122223333)"});
        let body = json!({"options": [{"text": text, "value": "111122223333"}]});
        let found = answered(&json!({"statusCode": 200, "body": body.to_string()}));
        assert_eq!(found, [AccountId::parse("111122223333").unwrap()]);
        assert!(answered(&Value::Null).is_empty());
    }
}
