//! Every kind of bad token is refused, and none says why.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Header;
use jsonwebtoken::jwk::JwkSet;
use kari_api::authentication::{Algorithm, Authenticator, Kind, Rejected, StaticKeys, Trust};
use kari_application::ports::Clock;
use kari_domain::time::Instant;
use kari_embedded::clock::ManualClock;
use ring::hmac;
use serde_json::{Value, json};

use crate::tokens::{AUDIENCE, ISSUER, Issuer, KEY, claims, rsa_jwk};
use crate::world::{Call, World, trust};

/// What is done to the claims of an honest token.
type Change = Box<dyn Fn(&mut Value)>;

struct Gate {
    issuer: Issuer,
    clock: Arc<ManualClock>,
}

impl Gate {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new("2026-11-22T04:00:00Z".parse().unwrap()));
        Self { issuer: Issuer::new(), clock }
    }

    fn now(&self) -> Instant {
        self.clock.now()
    }

    async fn verify(&self, token: &str) -> Result<String, String> {
        self.verify_by(trust(), self.issuer.keys(), token).await
    }

    async fn verify_by(&self, trust: Trust, keys: JwkSet, token: &str) -> Result<String, String> {
        let authenticator = Authenticator::new(trust, Arc::new(StaticKeys(keys)), self.clock.clone());
        match authenticator.verify(token).await {
            Ok(user) => Ok(user.to_string()),
            Err(Rejected::Invalid(why)) => Err(why.to_owned()),
            Err(Rejected::Unavailable(error)) => panic!("{error}"),
        }
    }

    /// An honest token but for what `change` does to its claims.
    fn changed(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = claims("u-alice", self.now());
        change(&mut claims);
        self.issuer.sign(&claims)
    }
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test]
async fn an_honest_token_names_its_user() {
    let gate = Gate::new();
    assert_eq!(gate.verify(&gate.changed(|_| ())).await, Ok("u-alice".to_owned()));
    let several = gate.changed(|claims| claims["aud"] = json!(["others", AUDIENCE]));
    assert_eq!(gate.verify(&several).await, Ok("u-alice".to_owned()));
}

#[tokio::test]
async fn an_access_token_without_audience_is_judged_by_its_client() {
    let gate = Gate::new();
    let access = |client: &str| {
        gate.changed(|claims| {
            claims.as_object_mut().unwrap().remove("aud");
            claims["client_id"] = client.into();
        })
    };
    assert_eq!(gate.verify(&access(AUDIENCE)).await, Ok("u-alice".to_owned()));
    assert_eq!(gate.verify(&access("other")).await, Err("it is for another audience".to_owned()));
    let both = gate.changed(|claims| {
        claims["aud"] = "other".into();
        claims["client_id"] = AUDIENCE.into();
    });
    assert_eq!(gate.verify(&both).await, Err("it is for another audience".to_owned()));
}

#[tokio::test]
async fn a_token_with_one_wrong_claim_is_refused() {
    let gate = Gate::new();
    let now = gate.now().timestamp();
    let set = |name: &'static str, value: Value| -> Change { Box::new(move |c| c[name] = value.clone()) };
    let without = |name: &'static str| -> Change {
        Box::new(move |claims| {
            claims.as_object_mut().unwrap().remove(name);
        })
    };
    let table: Vec<(Change, &str)> = vec![
        (set("iss", json!("https://elsewhere.example")), "it is of another issuer"),
        (set("iss", json!([ISSUER])), "it is of another issuer"),
        (set("iss", json!(format!("{ISSUER}/"))), "it is of another issuer"),
        (without("iss"), "it is of another issuer"),
        (set("aud", json!("another-client")), "it is for another audience"),
        (set("aud", json!([])), "it is for another audience"),
        (without("aud"), "it is for another audience"),
        (set("exp", json!(now - 30)), "it has expired"),
        (set("exp", json!(0)), "it has expired"),
        (set("exp", json!("tomorrow")), "it never expires"),
        (without("exp"), "it never expires"),
        (set("nbf", json!(now + 31)), "it is not valid yet"),
        (set("nbf", json!("now")), "its beginning is malformed"),
        (without("sub"), "it names no user"),
        (set("sub", json!(7)), "it names no user"),
        (set("sub", json!("")), "the user it names is malformed"),
        (set("sub", json!("alice@town.example")), "the user it names is malformed"),
    ];
    for (change, why) in table {
        assert_eq!(gate.verify(&gate.changed(change)).await, Err(why.to_owned()));
    }
}

#[tokio::test]
async fn a_small_difference_of_clocks_is_borne() {
    let gate = Gate::new();
    let now = gate.now().timestamp();
    for (claim, at) in [("exp", now - 29), ("nbf", now + 30)] {
        let token = gate.changed(|claims| claims[claim] = at.into());
        assert!(gate.verify(&token).await.is_ok(), "{claim}");
    }
}

#[tokio::test]
async fn a_token_without_signature_is_refused() {
    let gate = Gate::new();
    let body = part(&claims("u-alice", gate.now()));
    for algorithm in ["none", "None", "NONE", ""] {
        let header = part(&json!({ "alg": algorithm, "typ": "JWT", "kid": KEY }));
        for token in [format!("{header}.{body}."), format!("{header}.{body}")] {
            assert_eq!(gate.verify(&token).await, Err("it is malformed".to_owned()), "{algorithm}");
        }
    }
    let honest = gate.changed(|_| ());
    let unsigned = honest.rsplit_once('.').unwrap().0.to_owned() + ".";
    assert_eq!(gate.verify(&unsigned).await, Err("its signature does not verify".to_owned()));
}

/// Somebody signs with the *public* key as if it were a shared secret.
#[tokio::test]
async fn a_public_key_taken_for_a_secret_opens_nothing() {
    let gate = Gate::new();
    let header = part(&json!({ "alg": "HS256", "typ": "JWT", "kid": KEY }));
    let message = format!("{header}.{}", part(&claims("u-alice", gate.now())));
    for secret in [gate.issuer.public_key(), serde_json::to_string(&gate.issuer.jwk()).unwrap().as_bytes()] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&key, message.as_bytes()));
        let refused = gate.verify(&format!("{message}.{signature}")).await;
        assert_eq!(refused, Err("its algorithm is not the pinned one".to_owned()));
    }
}

#[tokio::test]
async fn only_the_pinned_algorithm_is_taken_even_if_the_key_would_fit() {
    let gate = Gate::new();
    let pinned = Trust { algorithm: Algorithm::Rs256, ..trust() };
    let refused = gate.verify_by(pinned, gate.issuer.keys(), &gate.changed(|_| ())).await;
    assert_eq!(refused, Err("its algorithm is not the pinned one".to_owned()));
    let header = part(&json!({ "alg": "ES384", "kid": KEY }));
    let token = format!("{header}.{}.AAAA", part(&claims("u-alice", gate.now())));
    assert_eq!(gate.verify(&token).await, Err("its algorithm is not the pinned one".to_owned()));
}

#[tokio::test]
async fn a_key_of_another_kind_than_the_algorithm_opens_nothing() {
    let gate = Gate::new();
    let keys = JwkSet { keys: vec![rsa_jwk(&[0xc1; 256], &[1, 0, 1])] };
    let refused = gate.verify_by(trust(), keys, &gate.changed(|_| ())).await;
    assert_eq!(refused, Err("its signature does not verify".to_owned()));
}

/// RFC 7515, section 4.1.11: what must be understood and is not makes the token invalid.
#[tokio::test]
async fn a_token_that_asks_for_an_extension_is_refused() {
    let gate = Gate::new();
    let crit = Some(vec!["exp".to_owned()]);
    let header = Header { crit, kid: Some(KEY.to_owned()), ..Header::new(jsonwebtoken::Algorithm::ES256) };
    let token = gate.issuer.sign_under(&header, &claims("u-alice", gate.now()));
    assert_eq!(gate.verify(&token).await, Err("it asks for an extension that is not known here".to_owned()));
}

#[tokio::test]
async fn the_key_must_be_named_and_known() {
    let gate = Gate::new();
    let claims = claims("u-alice", gate.now());
    let unnamed = gate.issuer.sign_as(None, &claims);
    assert_eq!(gate.verify(&unnamed).await, Err("it names no key".to_owned()));
    let unknown = gate.issuer.sign_as(Some("key-2"), &claims);
    assert_eq!(gate.verify(&unknown).await, Err("its key is unknown".to_owned()));
    let forged = Issuer::new().sign(&claims);
    assert_eq!(gate.verify(&forged).await, Err("its signature does not verify".to_owned()));
}

#[tokio::test]
async fn a_token_that_was_tampered_with_is_refused() {
    let gate = Gate::new();
    let honest = gate.changed(|_| ());
    let parts: Vec<&str> = honest.split('.').collect();
    let body = part(&claims("u-adam", gate.now()));
    let other = format!("{}.{body}.{}", parts[0], parts[2]);
    assert_eq!(gate.verify(&other).await, Err("its signature does not verify".to_owned()));
    for bad in ["", ".", "..", "a.b.c", &honest[1..], &format!("{honest}.x"), &"a".repeat(9000)] {
        assert!(gate.verify(bad).await.is_err(), "{bad}");
    }
}

#[tokio::test]
async fn the_user_is_taken_from_the_configured_claim_and_no_other() {
    let gate = Gate::new();
    let trust = Trust { user_claim: "custom:identity_store_id".to_owned(), ..trust() };
    let token = gate.changed(|claims| claims["custom:identity_store_id"] = "u-rin".into());
    assert_eq!(gate.verify_by(trust.clone(), gate.issuer.keys(), &token).await, Ok("u-rin".to_owned()));
    let without = gate.verify_by(trust, gate.issuer.keys(), &gate.changed(|_| ())).await;
    assert_eq!(without, Err("it names no user".to_owned()));
}

/// A token signed with RSA by another program (2048 bits, `alg: RS256`), and its key.
#[tokio::test]
async fn tokens_signed_with_rsa_are_verified_too() {
    let gate = Gate::new();
    let fixture: Value = serde_json::from_str(include_str!("rs256.json")).unwrap();
    let keys: JwkSet = serde_json::from_value(fixture["jwks"].clone()).unwrap();
    let token = fixture["token"].as_str().unwrap();
    let pinned = Trust { algorithm: Algorithm::Rs256, ..trust() };
    assert_eq!(gate.verify_by(pinned.clone(), keys.clone(), token).await, Ok("u-alice".to_owned()));
    let (message, signature) = token.rsplit_once('.').unwrap();
    let body = part(&claims("u-adam", gate.now()));
    let forged = format!("{}.{body}.{signature}", message.split('.').next().unwrap());
    assert!(gate.verify_by(pinned, keys, &forged).await.is_err());
}

#[tokio::test]
async fn a_bad_token_is_answered_with_401_and_without_the_reason() {
    let world = World::new().await;
    let expired = Issuer::new().sign(&claims("u-alice", world.clock.now()));
    for call in [
        Call::get("/v1/me").header("authorization", "Bearer nonsense"),
        Call::get("/v1/me").header("authorization", &format!("Bearer {expired}")),
    ] {
        let answer = world.send(call.request(None)).await;
        assert_eq!(answer.brief(), "401 invalid-token");
        assert_eq!(answer.headers["www-authenticate"], "Bearer error=\"invalid_token\"");
        assert_eq!(answer.json()["detail"], "The token is not valid here; sign in again.");
    }
}

#[tokio::test]
async fn anything_but_one_bearer_token_is_no_sign_in() {
    let world = World::new().await;
    let token = world.token("alice");
    for value in ["", "Basic YTpi", "Bearer", &token] {
        let answer = world.send(Call::get("/v1/me").header("authorization", value).request(None)).await;
        assert_eq!(answer.brief(), "401 signed-out", "{value}");
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
    let twice = Call::get("/v1/me").header("authorization", &format!("Bearer {token}"));
    assert_eq!(world.send(twice.request(Some(&token))).await.brief(), "401 signed-out");
    let in_the_address = world.get("nobody", &format!("/v1/me?access_token={token}")).await;
    assert_eq!(in_the_address.brief(), "401 signed-out");
}

#[tokio::test]
async fn a_token_for_something_else_opens_nothing_where_the_issuer_says_what_a_token_is_for() {
    let gate = Gate::new();
    let strict = Trust { kind: Kind::Access(Some("at+jwt".to_owned())), ..trust() };
    let refused = gate.verify_by(strict, gate.issuer.keys(), &gate.changed(|_| ())).await;
    assert_eq!(refused, Err("it is a token for something else".to_owned()));
}

#[tokio::test]
async fn where_identity_tokens_open_the_api_only_those_that_were_given_to_it_do() {
    let gate = Gate::new();
    let trust = Trust { kind: Kind::Identity, ..trust() };
    let set = |name: &'static str, value: Value| -> Change { Box::new(move |c| c[name] = value.clone()) };
    let several = |azp: Option<&'static str>| -> Change {
        Box::new(move |claims| {
            claims["aud"] = json!(["others", AUDIENCE]);
            if let Some(azp) = azp {
                claims["azp"] = azp.into();
            }
        })
    };
    let as_it_is: Change = Box::new(|_| ());
    let of_client: Change = Box::new(|claims| {
        claims.as_object_mut().unwrap().remove("aud");
        claims["client_id"] = AUDIENCE.into();
    });
    let (elsewhere, else_for) = ("it was given to another client", "it is a token for something else");
    let table: Vec<(Change, Result<(), &str>)> = vec![
        (as_it_is, Ok(())),
        (set("aud", json!([AUDIENCE])), Ok(())),
        (set("azp", json!(AUDIENCE)), Ok(())),
        (set("token_use", json!("id")), Ok(())),
        (several(Some(AUDIENCE)), Ok(())),
        (several(None), Err(elsewhere)),
        (several(Some("others")), Err(elsewhere)),
        (set("azp", json!("others")), Err(elsewhere)),
        (set("azp", json!(7)), Err(elsewhere)),
        (set("token_use", json!("access")), Err(else_for)),
        (set("token_use", json!(null)), Err(else_for)),
        (of_client, Err("it is for another audience")),
    ];
    for (number, (change, expected)) in table.into_iter().enumerate() {
        let said = gate.verify_by(trust.clone(), gate.issuer.keys(), &gate.changed(change)).await;
        assert_eq!(said.map(|_| ()), expected.map_err(str::to_owned), "{number}");
    }
    for typ in ["at+jwt", "application/AT+JWT"] {
        let (typ, kid) = (Some(typ.to_owned()), Some(KEY.to_owned()));
        let header = Header { typ, kid, ..Header::new(jsonwebtoken::Algorithm::ES256) };
        let access = gate.issuer.sign_under(&header, &claims("u-alice", gate.now()));
        let said = gate.verify_by(trust.clone(), gate.issuer.keys(), &access).await;
        assert_eq!(said, Err(else_for.to_owned()));
    }
}
