//! Who gets what of what one machine adds to the API: every role × every operation, by really calling it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use clap::Parser;
use kari_application::ports::{Notification, NotificationKind};
use kari_domain::audit::StreamId;
use kari_domain::directory::User;
use kari_domain::time::Instant;
use kari_embedded::clock::SystemClock;
use kari_local::app::App;
use kari_local::cli::{Cli, Command};
use kari_local::data_dir::DataDir;
use kari_local::issuer::{Issuer, Origin, SigningKey};
use kari_local::serve::routes;
use kari_local::sign_in::SignIn;
use kari_local::simulation::Simulation;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

/// A column of the table, and whose token it is.
const ROLES: [(&str, &str); 7] = [
    ("anonymous", "nobody"),
    ("plain user", "yuki"),
    ("approver", "bob"),
    ("administrator", "hanako"),
    ("auditor", "emma"),
    ("disabled user", "daichi"),
    ("foreign user", "stranger"),
];

/// The whole program on the sample organization, but for the listening.
struct Stage {
    app: App,
    routes: Router,
    tokens: BTreeMap<String, String>,
    _directory: (TempDir, DataDir),
}

impl Stage {
    fn set() -> Self {
        Self::beside(true)
    }

    /// Beside a simulated Identity Center, or as if it were a real one.
    fn beside(is_simulated: bool) -> Self {
        let parent = TempDir::new().unwrap();
        let directory = DataDir::open(parent.path()).unwrap();
        let Command::Run(options) = Cli::parse_from(["kari"]).into_command() else { panic!("not run") };
        let app = runtime().block_on(App::open(&options, &directory)).unwrap();
        let origin = Origin::parse("http://127.0.0.1:8080").unwrap();
        let (key, people) = (SigningKey::ephemeral().unwrap(), app.kari.read_model.clone());
        let issuer = Issuer::new(origin.clone(), key, Arc::new(SystemClock::default()), people);
        let mut people: Vec<User> = people_of(&app);
        let stranger =
            User { id: "u-stranger".parse().unwrap(), user_name: "stranger".to_owned(), ..people[0].clone() };
        people.push(stranger);
        let token = |user: &User| (user.user_name.clone(), issuer.access_token(user).unwrap());
        let tokens = people.iter().map(token).collect();
        let simulation = Simulation::of(&app).filter(|_| is_simulated);
        let sign_in = SignIn::here(&issuer);
        let routes = routes(&app, &sign_in, Some(issuer), simulation);
        Self { routes, app, tokens, _directory: (parent, directory) }
    }

    /// A call as somebody, in a runtime of its own, which takes with it what would crash the program.
    fn call(&self, who: &str, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let mut request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8080");
        if let Some(token) = self.tokens.get(who) {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.header("content-type", "application/json").body(Body::from(body.to_string()));
        let (runtime, routes) = (runtime(), self.routes.clone());
        let answer = runtime.block_on(async {
            let response = routes.oneshot(request.unwrap()).await.unwrap();
            let (status, body) = (response.status(), response.into_body());
            (status, serde_json::from_slice(&to_bytes(body, 1 << 20).await.unwrap()).unwrap_or_default())
        });
        runtime.shutdown_background();
        answer
    }

    fn deliver(&self, to: &str, sequence: u64) {
        let recipient = people_of(&self.app).into_iter().find(|user| user.user_name == to).unwrap();
        let notification = Notification {
            kind: NotificationKind::PoliciesChanged,
            recipients: vec![recipient.id],
            stream: StreamId::policies(),
            sequence,
            request: None,
            at: Instant::UNIX_EPOCH,
        };
        runtime().block_on(self.app.kari.notifier.deliver(&notification)).unwrap();
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn people_of(app: &App) -> Vec<User> {
    runtime().block_on(app.kari.read_model.load()).unwrap().users.values().cloned().collect()
}

/// Every operation of the document, with a body that fits it.
fn operations() -> Vec<(String, Method, String, Value)> {
    let document = serde_json::to_value(kari_local::openapi::openapi()).unwrap();
    let mut operations = vec![];
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let body = match id {
                "mark_inbox_read" => json!({ "up_to": 1 }),
                "skip_time" => json!({ "minutes": 1 }),
                "set_off_fault" => json!({ "kind": "throttle" }),
                "list_inbox" | "get_simulation" | "crash" | "get_simulated_identity_center" => json!({}),
                _ => panic!("the operation {id} is missing here; say how to call it"),
            };
            operations.push((id.to_owned(), method.to_uppercase().parse().unwrap(), path.clone(), body));
        }
    }
    operations.sort_by(|one, other| one.0.cmp(&other.0));
    operations
}

#[test]
fn every_role_gets_at_every_operation_what_the_table_says() {
    let stage = Stage::set();
    let mut table = String::new();
    for (id, method, path, body) in operations() {
        let mut outcomes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (role, who) in ROLES {
            let (status, answer) = stage.call(who, method.clone(), &path, &body);
            let code = answer["code"].as_str().unwrap_or_default();
            outcomes.entry(format!("{} {code}", status.as_u16()).trim().to_owned()).or_default().push(role);
        }
        writeln!(table, "{id}").unwrap();
        for (outcome, roles) in outcomes {
            writeln!(table, "    {outcome:22} {}", roles.join(", ")).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn nothing_that_a_simulation_allows_exists_beside_a_real_identity_center() {
    let stage = Stage::beside(false);
    let mut simulated = 0;
    for (id, method, path, body) in operations() {
        let (status, _) = stage.call("hanako", method, &path, &body);
        let exists = status != StatusCode::NOT_FOUND;
        assert_eq!(exists, id.ends_with("inbox") || id.ends_with("inbox_read"), "{id}: {status}");
        simulated += usize::from(!exists);
    }
    assert_eq!(simulated, 5);
    let config = |stage: &Stage| stage.call("nobody", Method::GET, "/config.json", &json!({})).1;
    assert_eq!(config(&stage)["simulated"], false);
    assert_eq!(config(&Stage::set())["simulated"], true);
}

#[test]
fn an_inbox_is_its_owners_alone_whatever_others_are() {
    let stage = Stage::set();
    stage.deliver("bob", 1);
    let look = |who: &str| stage.call(who, Method::GET, "/v1/inbox", &json!({})).1;
    let message = look("bob")["items"][0]["id"].as_i64().unwrap();
    for who in ["hanako", "emma", "yuki"] {
        let inbox = look(who);
        assert_eq!((&inbox["items"], &inbox["unread"]), (&json!([]), &json!(0)), "{who}");
        stage.call(who, Method::POST, "/v1/inbox/read", &json!({ "up_to": message }));
    }
    assert_eq!(look("bob")["unread"], 1, "only they mark it as read");
}

#[test]
fn only_what_was_shown_is_marked_as_read() {
    let stage = Stage::set();
    stage.deliver("bob", 1);
    let look = || stage.call("bob", Method::GET, "/v1/inbox", &json!({})).1;
    let shown = look()["items"][0]["id"].clone();
    stage.deliver("bob", 2);
    stage.call("bob", Method::POST, "/v1/inbox/read", &json!({ "up_to": shown }));
    let inbox = look();
    let read: Vec<_> = inbox["items"].as_array().unwrap().iter().map(|item| &item["read"]).collect();
    assert_eq!((read, &inbox["unread"]), (vec![&json!(false), &json!(true)], &json!(1)));
}

#[test]
fn an_inbox_comes_in_pages() {
    let stage = Stage::set();
    (1..=3).for_each(|sequence| stage.deliver("bob", sequence));
    let get =
        |query: &str| stage.call("bob", Method::GET, &format!("/v1/inbox?limit=2{query}"), &json!({})).1;
    let first = get("");
    let second = get(&format!("&cursor={}", first["next"].as_str().unwrap()));
    let sequences = |page: &Value| -> Vec<u64> {
        page["items"].as_array().unwrap().iter().map(|item| item["sequence"].as_u64().unwrap()).collect()
    };
    assert_eq!((sequences(&first), sequences(&second)), (vec![3, 2], vec![1]));
    assert_eq!(second["next"], json!(null));
}
