//! Forged, foreign and ambiguous sign-ins.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../../../../shared/application/tests/use_cases/town.rs"]
#[allow(dead_code, reason = "other tests use more of the town")]
mod town;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use kari_api::{ApiState, PortalConfig, router};
use kari_api_lambda::Gateway;
use kari_application::Error;
use kari_application::identify::{SignedIn, identify};
use kari_domain::directory::User;
use kari_domain::ids::UserId;
use kari_embedded::identity_center::Action;
use lambda_http::request::RequestContext;
use serde_json::{Value, json};
use tower::ServiceExt;
use town::{Town, user};

const ISSUER: &str = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a";
const CLIENT: &str = "the-portal";

/// The claims of a good access token of Ann's.
fn claims() -> Value {
    json!({
        "iss": ISSUER, "client_id": CLIENT, "token_use": "access", "sub": "sub-of-ann",
        "username": "IdentityCenter_u-ann", "scope": "openid",
    })
}

fn with(claim: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[claim] = value;
    claims
}

/// What the API answers to `GET /v1/me` with a token of these claims.
fn answer(town: &Town, claims: &Value) -> StatusCode {
    answer_of(town, &Arc::new(Gateway::new(ISSUER, CLIENT)), claims)
}

/// The same of a function that has already been called.
fn answer_of(town: &Town, gateway: &Arc<Gateway>, claims: &Value) -> StatusCode {
    let authentication = Arc::clone(gateway);
    let state = ApiState { kari: town.kari.clone(), authentication, portal: PortalConfig::default() };
    let context = json!({"http": {"method": "GET"}, "authorizer": {"jwt": {"claims": claims, "scopes": []}}});
    let context = RequestContext::ApiGatewayV2(serde_json::from_value(context).unwrap());
    let request = Request::get("/v1/me").extension(context).body(Body::empty()).unwrap();
    town.run(router(state).oneshot(request)).unwrap().status()
}

#[test]
fn whoever_signed_in_through_identity_center_is_the_user_of_that_id_or_name() {
    let town = Town::new();
    assert_eq!(answer(&town, &claims()), StatusCode::OK);
    // Ben's user name is not his id.
    let by_name = json!({"username": "IdentityCenter_ben", "sub": "sub-of-ben"});
    let mut claims = claims();
    claims.as_object_mut().unwrap().extend(by_name.as_object().unwrap().clone());
    assert_eq!(answer(&town, &claims), StatusCode::OK);
}

#[test]
fn a_token_that_is_not_exactly_what_it_has_to_be_opens_nothing() {
    let town = Town::new();
    for (claim, value) in [
        ("iss", json!("https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_b")),
        ("client_id", json!("another-client")),
        ("token_use", json!("id")),
        ("sub", json!("")),
        // Made in Cognito itself, by whoever may: without a provider.
        ("username", json!("u-ann")),
        ("username", json!("IdentityCenter_")),
        ("username", json!("identitycenter_u-ann")),
        ("username", json!("OtherProvider_u-ann")),
    ] {
        assert_eq!(answer(&town, &with(claim, value.clone())), StatusCode::UNAUTHORIZED, "{claim} {value}");
    }
    for missing in ["iss", "client_id", "token_use", "sub", "username"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(missing);
        assert_eq!(answer(&town, &claims), StatusCode::UNAUTHORIZED, "{missing}");
    }
}

#[test]
fn without_the_gateway_s_word_a_header_or_an_e_mail_address_opens_nothing() {
    let town = Town::new();
    let state = ApiState {
        kari: town.kari.clone(),
        authentication: Arc::new(Gateway::new(ISSUER, CLIENT)),
        portal: PortalConfig::default(),
    };
    let request = Request::get("/v1/me").header("authorization", "Bearer u-ann").body(Body::empty()).unwrap();
    assert_eq!(town.run(router(state).oneshot(request)).unwrap().status(), StatusCode::UNAUTHORIZED);
    let mut claims = with("username", json!("IdentityCenter_nobody"));
    claims["email"] = json!("ann@example.com");
    claims["custom:user"] = json!("u-ann");
    assert_eq!(answer(&town, &claims), StatusCode::FORBIDDEN, "a person may write those themselves");
}

fn signed_in(subject: &str, name: &str) -> SignedIn {
    SignedIn { issuer: ISSUER.to_owned(), subject: subject.to_owned(), name: name.to_owned() }
}

/// Somebody is made, or is now called like this.
fn called(town: &Town, id: &str, user_name: &str) {
    let user = User {
        id: id.parse().unwrap(),
        user_name: user_name.to_owned(),
        display_name: user_name.to_owned(),
        email: None,
        enabled: true,
    };
    town.behind(|world, now| world.add_user(now, &user));
}

fn who(town: &Town, subject: &str, name: &str) -> Result<UserId, Error> {
    town.run(identify(&town.kari, &signed_in(subject, name)))
}

fn refused(town: &Town, subject: &str, name: &str) -> bool {
    matches!(who(town, subject, name), Err(Error::UnknownCaller))
}

#[test]
fn a_subject_once_linked_is_never_linked_to_somebody_else() {
    let town = Town::new();
    assert_eq!(who(&town, "s-1", "ann").unwrap(), user("ann"));
    assert!(refused(&town, "s-1", "tom"), "the provider says another name for the same subject");
    assert_eq!(who(&town, "s-1", "ann").unwrap(), user("ann"), "and the link is as it was");
    assert_eq!(who(&town, "s-2", "u-ann").unwrap(), user("ann"), "one person may have two subjects");
}

#[test]
fn a_user_name_that_somebody_else_has_by_now_opens_neither_one_s_nor_the_other_s_account() {
    let town = Town::new();
    let ann = |claims: &Value| answer(&town, claims);
    let mut claims = claims();
    claims["username"] = json!("IdentityCenter_ann");
    assert_eq!(ann(&claims), StatusCode::OK);
    called(&town, "u-ann", "ann-married");
    assert_eq!(ann(&claims), StatusCode::FORBIDDEN, "nobody is called so");
    called(&town, "u-another", "ann");
    assert_eq!(ann(&claims), StatusCode::FORBIDDEN, "the link is to whoever had the name");
    let renamed = json!({"username": "IdentityCenter_ann-married", "sub": "her new sub"});
    claims.as_object_mut().unwrap().extend(renamed.as_object().unwrap().clone());
    assert_eq!(ann(&claims), StatusCode::OK, "she herself signs in by her new name");
}

#[test]
fn a_function_that_is_warm_looks_up_names_again_and_takes_ids_for_granted() {
    let town = Town::new();
    let gateway = Arc::new(Gateway::new(ISSUER, CLIENT));
    let mut by_name = claims();
    by_name["username"] = json!("IdentityCenter_ben");
    by_name["sub"] = json!("sub-of-ben");
    for claims in [&claims(), &by_name] {
        assert_eq!(answer_of(&town, &gateway, claims), StatusCode::OK);
    }
    let lookups = town.calls(Action::GetUserId);
    assert_eq!(answer_of(&town, &gateway, &claims()), StatusCode::OK);
    assert_eq!(town.calls(Action::GetUserId), lookups);
    called(&town, "u-ben", "benjamin");
    called(&town, "u-another", "ben");
    assert_eq!(answer_of(&town, &gateway, &by_name), StatusCode::FORBIDDEN);
    let mut forged = claims();
    forged["username"] = json!("IdentityCenter_u-tom");
    assert_eq!(answer_of(&town, &gateway, &forged), StatusCode::FORBIDDEN, "another id for a known subject");
}

#[test]
fn who_is_gone_is_not_whoever_comes_after() {
    let town = Town::new();
    assert_eq!(who(&town, "s-1", "ann").unwrap(), user("ann"));
    town.behind(|world, now| world.delete_user(now, &user("ann")));
    assert!(refused(&town, "s-1", "ann"));
    called(&town, "u-another", "ann");
    assert!(refused(&town, "s-1", "ann"));
}

#[test]
fn nobody_is_linked_who_is_disabled_unknown_or_cannot_be_told_from_another() {
    let town = Town::new();
    town.behind(|world, now| world.disable_user(now, &user("ben")));
    assert!(refused(&town, "s-1", "ben") && refused(&town, "s-1", "u-ben"));
    assert!(refused(&town, "s-1", "nobody") && refused(&town, "s-1", ""));
    // What is somebody's user name is somebody else's id.
    called(&town, "u-mean", "u-tom");
    assert!(refused(&town, "s-1", "u-tom"));
    assert_eq!(who(&town, "s-1", "tom").unwrap(), user("tom"), "nothing was linked before");
}

#[test]
fn whoever_is_disabled_after_they_were_linked_is_refused_and_so_is_their_command() {
    let town = Town::new();
    assert_eq!(answer(&town, &claims()), StatusCode::OK);
    town.behind(|world, now| world.disable_user(now, &user("ann")));
    town.pass(TimeDelta::minutes(1));
    assert_eq!(answer(&town, &claims()), StatusCode::FORBIDDEN);
}

#[test]
fn two_who_sign_in_at_once_with_the_same_subject_are_the_same_person() {
    let town = Town::new();
    let (one, other) = (signed_in("s-1", "ann"), signed_in("s-1", "u-ann"));
    let both = async { futures::join!(identify(&town.kari, &one), identify(&town.kari, &other)) };
    let (one, other) = town.run(both);
    assert_eq!((one.unwrap(), other.unwrap()), (user("ann"), user("ann")));
}

#[test]
fn while_the_identity_store_cannot_be_asked_nobody_is_linked() {
    let town = Town::new();
    town.lose_directory_for(TimeDelta::minutes(1));
    assert!(matches!(who(&town, "s-1", "ann"), Err(Error::Unavailable(_))));
    assert_eq!(answer(&town, &claims()), StatusCode::SERVICE_UNAVAILABLE);
}
