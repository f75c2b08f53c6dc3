//! Signing in, as a browser and a client go through it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use kari_application::ports::ReadModel;
use kari_domain::directory::{Group, Snapshot, User};
use kari_domain::ids::{GroupId, UserId};
use kari_domain::time::Instant;
use kari_embedded::clock::ManualClock;
use kari_embedded::read_model::StoredReadModel;
use kari_embedded::store::SqliteStore;
use kari_local::issuer::{AUDIENCE, Issuer, Origin, SigningKey, router};
use serde_json::Value;
use tower::ServiceExt;

pub(crate) const ORIGIN: &str = "http://127.0.0.1:8080";
const CALLBACK: &str = "http://127.0.0.1:8080/callback";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters";

fn user(id: &str, user_name: &str, display_name: &str, enabled: bool) -> User {
    User {
        id: id.parse().unwrap(),
        user_name: user_name.to_owned(),
        display_name: display_name.to_owned(),
        email: Some(format!("{user_name}@example.com")),
        enabled,
    }
}

fn people() -> Snapshot {
    let users = [
        user("u-1", "alice", "Alice <b>Nakamura</b>", true),
        user("u-2", "hanako", "佐藤 花子", true),
        user("u-3", "gone", "Gone Person", false),
    ];
    let group = GroupId::parse("g-1").unwrap();
    Snapshot {
        users: users.into_iter().map(|user| (user.id.clone(), user)).collect(),
        groups: [(group.clone(), Group { id: group.clone(), display_name: "Platform".to_owned() })].into(),
        members: [(group, [UserId::parse("u-1").unwrap()].into())].into(),
        ..Snapshot::default()
    }
}

pub(crate) struct Server {
    issuer: Arc<Issuer>,
    router: Router,
    clock: Arc<ManualClock>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let (_, query) = self.location().split_once('?').unwrap();
        form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, v)| v.into_owned())
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        let read_model = StoredReadModel::new(Arc::new(SqliteStore::in_memory().unwrap()));
        read_model.save(people()).await.unwrap();
        let clock = Arc::new(ManualClock::new(Instant::UNIX_EPOCH + TimeDelta::days(20_000)));
        let issuer = Issuer::new(
            Origin::parse(ORIGIN).unwrap(),
            SigningKey::ephemeral().unwrap(),
            clock.clone(),
            Arc::new(read_model),
        );
        let issuer = Arc::new(issuer);
        Self { router: router(issuer.clone()), issuer, clock }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn show(&self, changes: &[(&str, &str)]) -> Answer {
        self.get(&format!("/oauth/authorize?{}", form(&parameters(changes)))).await
    }

    /// Presses a card on the page shown; returns the browser's answer.
    async fn press(&self, person: &str, changes: &[(&str, &str)]) -> Answer {
        let page = self.show(&[]).await;
        let cookie = page.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let key = cookie.split_once('=').unwrap().1.to_owned();
        let mut fields = parameters(changes);
        fields.extend([("user".to_owned(), person.to_owned()), ("form_key".to_owned(), key)]);
        self.send(posted(&fields, ORIGIN, &cookie)).await
    }

    async fn exchange(&self, code: &str, changes: &[(&str, &str)]) -> Answer {
        let mut fields: Vec<(String, String)> = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", AUDIENCE),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ]
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .into();
        change(&mut fields, changes);
        let request = Request::post("/oauth/token")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form(&fields)));
        self.send(request.unwrap()).await
    }

    async fn userinfo(&self, token: &str) -> Answer {
        let request =
            Request::get("/oauth/userinfo").header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

pub(crate) fn posted(fields: &[(String, String)], origin: &str, cookie: &str) -> Request<Body> {
    Request::post("/oauth/authorize")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, origin)
        .header(header::COOKIE, format!("other=1; {cookie}"))
        .body(Body::from(form(fields)))
        .unwrap()
}

pub(crate) fn parameters(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let challenge = URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, VERIFIER.as_bytes()));
    let mut parameters: Vec<(String, String)> = [
        ("response_type", "code"),
        ("client_id", AUDIENCE),
        ("redirect_uri", CALLBACK),
        ("scope", "openid profile email"),
        ("state", "a state & more"),
        ("nonce", "n-1"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]
    .map(|(n, v)| (n.to_owned(), v.to_owned()))
    .into();
    change(&mut parameters, changes);
    parameters
}

fn change(fields: &mut [(String, String)], changes: &[(&str, &str)]) {
    for (name, value) in changes {
        (*value).clone_into(&mut fields.iter_mut().find(|(n, _)| n == name).unwrap().1);
    }
}

fn form(fields: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

#[tokio::test]
async fn a_person_signs_in_and_the_client_gets_tokens_it_can_verify() {
    let server = Server::start().await;
    let answer = server.press("u-1", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.location().starts_with("http://127.0.0.1:8080/callback?"));
    assert_eq!(answer.parameter("state").as_deref(), Some("a state & more"));
    assert_eq!(answer.parameter("iss").as_deref(), Some(ORIGIN));

    let tokens = server.exchange(&answer.parameter("code").unwrap(), &[]).await;
    assert_eq!(tokens.status, StatusCode::OK);
    assert_eq!(tokens.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(tokens.json()["expires_in"], 3600);

    let jwks: JwkSet = serde_json::from_str(&server.get("/oauth/jwks").await.body).unwrap();
    let identity = tokens.json()["id_token"].as_str().unwrap().to_owned();
    let header = decode_header(&identity).unwrap();
    let key = DecodingKey::from_jwk(jwks.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[AUDIENCE]);
    validation.set_issuer(&[ORIGIN]);
    // The test's clock stands still, far from the real one.
    validation.validate_exp = false;
    let claims = decode::<Value>(&identity, &key, &validation).unwrap().claims;
    assert_eq!(claims["sub"], "u-1");
    assert_eq!(claims["nonce"], "n-1");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3600);
    assert!(claims.get("groups").is_none() && claims.get("roles").is_none());

    let access = tokens.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(server.userinfo(&access).await.json()["preferred_username"], "alice");
    server.clock.advance_by(TimeDelta::minutes(61));
    assert_eq!(server.userinfo(&access).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn discovery_names_the_endpoints_and_only_what_is_safe() {
    let server = Server::start().await;
    let found = server.get("/.well-known/openid-configuration").await.json();
    assert_eq!(found["issuer"], ORIGIN);
    assert_eq!(found["authorization_endpoint"], format!("{ORIGIN}/oauth/authorize"));
    assert_eq!(found["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(found["response_types_supported"], serde_json::json!(["code"]));
    let jwks = server.get("/oauth/jwks").await.json();
    assert!(jwks["keys"][0].get("d").is_none(), "the private half is never published");
}

#[tokio::test]
async fn the_page_shows_enabled_people_with_their_groups_and_runs_nothing() {
    let server = Server::start().await;
    let page = server.show(&[]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Platform") && page.body.contains("佐藤 花子"));
    assert!(!page.body.contains("Gone Person"));
    assert!(page.body.contains("Alice &lt;b&gt;Nakamura&lt;/b&gt;"), "names are text, never markup");
    assert!(!page.body.contains("<script") && !page.body.contains("style="));
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
}

#[tokio::test]
async fn the_page_speaks_japanese_to_those_who_prefer_it() {
    let server = Server::start().await;
    let request = Request::get(format!("/oauth/authorize?{}", form(&parameters(&[]))))
        .header(header::ACCEPT_LANGUAGE, "ja,en;q=0.5")
        .body(Body::empty());
    let page = server.send(request.unwrap()).await;
    assert!(page.body.contains("<html lang=\"ja\">") && page.body.contains("今日はどなたですか"));
}

#[tokio::test]
async fn a_code_is_good_once_even_if_the_first_try_was_wrong() {
    let server = Server::start().await;
    let wrong_tries: [&[(&str, &str)]; 4] = [
        &[("code_verifier", "another-verifier-of-at-least-forty-three-chars")],
        &[("redirect_uri", "http://127.0.0.1:8080/")],
        &[("client_id", "other")],
        &[("code_verifier", "short")],
    ];
    for wrong in wrong_tries {
        let code = server.press("u-1", &[]).await.parameter("code").unwrap();
        let refused = server.exchange(&code, wrong).await;
        assert_eq!(
            (refused.status, &refused.json()["error"]),
            (StatusCode::BAD_REQUEST, &"invalid_grant".into())
        );
        let second = server.exchange(&code, &[]).await;
        assert_eq!(second.json()["error"], "invalid_grant", "{wrong:?}");
    }
    let code = server.press("u-1", &[]).await.parameter("code").unwrap();
    assert_eq!(server.exchange(&code, &[]).await.status, StatusCode::OK);
    assert_eq!(server.exchange(&code, &[]).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_code_expires_after_a_minute_and_other_grants_are_refused() {
    let server = Server::start().await;
    let code = server.press("u-1", &[]).await.parameter("code").unwrap();
    let other = server.exchange(&code, &[("grant_type", "password")]).await;
    assert_eq!(other.json()["error"], "unsupported_grant_type");
    server.clock.advance_by(TimeDelta::minutes(1));
    assert_eq!(server.exchange(&code, &[]).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_foreign_callback_or_client_is_never_redirected_to() {
    let server = Server::start().await;
    for change in [("redirect_uri", "https://evil.example/callback"), ("client_id", "evil")] {
        for answer in [server.show(&[change]).await, server.press("u-1", &[change]).await] {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{change:?}");
            assert!(!answer.headers.contains_key(header::LOCATION));
        }
    }
}

#[tokio::test]
async fn a_request_without_pkce_is_sent_back_with_an_error() {
    let server = Server::start().await;
    for change in [("code_challenge_method", "plain"), ("code_challenge", ""), ("response_type", "token")] {
        for answer in [server.show(&[change]).await, server.press("u-1", &[change]).await] {
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            assert!(answer.parameter("error").is_some() && answer.parameter("code").is_none());
            assert_eq!(answer.parameter("state").as_deref(), Some("a state & more"));
        }
    }
}

#[tokio::test]
async fn another_site_cannot_press_a_card() {
    let server = Server::start().await;
    let page = server.show(&[]).await;
    let cookie = page.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let key = cookie.split_once('=').unwrap().1.to_owned();
    let mut fields = parameters(&[]);
    fields.extend([("user".to_owned(), "u-1".to_owned()), ("form_key".to_owned(), key)]);
    let mut forged_key = fields.clone();
    forged_key.last_mut().unwrap().1 = "guess".to_owned();
    let mut no_key = fields.clone();
    no_key.last_mut().unwrap().1 = String::new();
    let forgeries = [
        posted(&fields, "https://evil.example", &cookie),
        posted(&fields, "null", &cookie),
        posted(&fields, ORIGIN, "kari-sign-in=another"),
        posted(&forged_key, ORIGIN, &cookie),
        posted(&no_key, ORIGIN, "kari-sign-in="),
    ];
    for forgery in forgeries {
        assert_eq!(server.send(forgery).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(server.send(posted(&fields, ORIGIN, &cookie)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn unknown_and_disabled_people_cannot_sign_in() {
    let server = Server::start().await;
    for nobody in ["u-3", "u-9", "", "not an id"] {
        assert_eq!(server.press(nobody, &[]).await.status, StatusCode::BAD_REQUEST, "{nobody}");
    }
}

#[tokio::test]
async fn signing_out_leads_home_and_nowhere_else() {
    let server = Server::start().await;
    let home =
        server.get("/oauth/logout?post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2F&state=s").await;
    assert_eq!(home.location(), "http://127.0.0.1:8080/?state=s");
    for elsewhere in ["?post_logout_redirect_uri=https%3A%2F%2Fevil.example", ""] {
        let answer = server.get(&format!("/oauth/logout{elsewhere}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.headers.contains_key(header::LOCATION));
    }
}

#[tokio::test]
async fn a_forged_token_is_refused() {
    let server = Server::start().await;
    let other = Server::start().await;
    let person = user("u-1", "alice", "Alice", true);
    let genuine = server.issuer.access_token(&person).unwrap();
    let foreign = other.issuer.access_token(&person).unwrap();
    let (head, _) = genuine.rsplit_once('.').unwrap();
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"at+jwt"}"#);
    let claims = genuine.split('.').nth(1).unwrap();
    for forged in [&foreign, &format!("{head}."), &format!("{none}.{claims}."), "", "x.y.z"] {
        assert_eq!(server.userinfo(forged).await.status, StatusCode::UNAUTHORIZED, "{forged}");
    }
    assert_eq!(server.userinfo(&genuine).await.status, StatusCode::OK);
}
