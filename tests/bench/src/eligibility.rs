//! What the portal asks when somebody opens it, and what is right to answer: what may I ask for?

use kari_application::explain::MOST_OFFERS;
use kari_domain::directory::Snapshot;
use kari_domain::ids::{AccountId, UserId};
use kari_domain::policy::{CompiledPolicies, offers};
use serde_json::{Value, json};

use crate::function::{AUDIENCE, ISSUER};

/// How many accounts the API gives at once, unless it is asked for more or fewer.
const ACCOUNTS: usize = 50;

/// An account, and how many permission sets may be asked for on it.
pub type Offered = (AccountId, usize);

/// What API Gateway hands over of the question of somebody who has signed in.
pub fn asked_by(person: &UserId) -> String {
    let path = "/v1/eligibility";
    let claims = json!({
        "iss": ISSUER, "client_id": AUDIENCE, "token_use": "access", "scope": "openid",
        "sub": "somebody", "username": format!("IdentityCenter_{person}"),
    });
    let event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": "", "headers": {},
        "requestContext": {
            "accountId": "111122223333", "apiId": "api", "domainName": "api.example", "domainPrefix": "api",
            "requestId": "1", "routeKey": "$default", "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 1_767_225_600_000_u64,
            "authorizer": {"jwt": {"claims": claims, "scopes": []}},
            "http": {
                "method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
                "userAgent": "bench",
            },
        },
        "isBase64Encoded": false,
    });
    event.to_string()
}

/// The first accounts by name on which a person may ask for anything: as many as one answer holds.
pub fn expected(person: &UserId, organization: &Snapshot, policies: &CompiledPolicies) -> Vec<Offered> {
    let mut targets = 0;
    let fits = |(_, sets): &Offered| {
        targets += sets;
        targets <= MOST_OFFERS
    };
    by_name(person, organization, policies, "").into_iter().take(ACCOUNTS).take_while(fits).collect()
}

/// The accounts with this in their name on which a person may ask for anything, by name.
pub(crate) fn by_name(
    person: &UserId,
    organization: &Snapshot,
    policies: &CompiledPolicies,
    within: &str,
) -> Vec<Offered> {
    let subject = organization.subject(person).expect("they are in the organization");
    let offers = offers(policies, &subject, organization);
    let mut accounts: Vec<_> = offers.iter().filter(|(account, _)| account.name.contains(within)).collect();
    accounts.sort_by_cached_key(|(account, _)| (account.name.clone(), account.id.clone()));
    accounts.into_iter().map(|(account, sets)| (account.id.clone(), sets.len())).collect()
}

/// What a function answered, as it hands it over to API Gateway.
pub fn answered(answer: &Value) -> Vec<Offered> {
    let body = body(answer);
    let offered = |item: &Value| {
        let account = AccountId::parse(item.pointer("/account/id")?.as_str()?).ok()?;
        Some((account, item.get("permission_sets")?.as_array()?.len()))
    };
    body.get("items").and_then(Value::as_array).into_iter().flatten().filter_map(offered).collect()
}

/// The JSON that it is for whoever called.
pub(crate) fn body(answer: &Value) -> Value {
    let body = answer.get("body").and_then(Value::as_str).unwrap_or_default();
    serde_json::from_str(body).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Size, organization, policy_set};

    #[test]
    fn there_is_something_to_answer_and_it_fits_into_one_answer() {
        let organization = organization(Size { accounts: 500, ..Size::BIG });
        let policies = CompiledPolicies::new(policy_set(&organization, 50));
        let person = organization.users.values().find(|user| user.enabled).unwrap();
        let offered = expected(&person.id, &organization, &policies);
        assert!((1..=ACCOUNTS).contains(&offered.len()));
        let targets: usize = offered.iter().map(|(_, sets)| sets).sum();
        assert!((1..=MOST_OFFERS).contains(&targets));
    }

    #[test]
    fn an_answer_is_told_by_its_accounts_and_how_much_is_offered_on_each() {
        let body = json!({"items": [{"account": {"id": "111122223333"}, "permission_sets": [{}, {}]}]});
        let offered = answered(&json!({"statusCode": 200, "body": body.to_string()}));
        let account = AccountId::parse("111122223333").unwrap();
        assert_eq!(offered, [(account, 2)]);
        assert!(answered(&Value::Null).is_empty());
    }
}
