//! `kari --identity-center aws`: the one-machine program and a real Identity Center, which the simulated one
//! over HTTP stands for, through the real SDK. People sign in at an issuer of somebody else: another `kari`.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use kari_domain::directory::Snapshot;
use kari_embedded::clock::SystemClock;
use kari_embedded::identity_center::http::{Front, Options};
use kari_embedded::identity_center::{FaultPlan, SimulatedIdentityCenter, World};
use kari_embedded::organization::Organization;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::eventually::eventually;
use crate::said::said;
use crate::support::{client, kari, ready_line, start, token};

const SAMPLE: &str = include_str!("../../sample-organization.toml");
pub(crate) struct Town {
    folder: tempfile::TempDir,
    center: Arc<SimulatedIdentityCenter>,
    /// Where Identity Center answers.
    pub(crate) front: String,
    /// Where people sign in.
    issuer: String,
    administrators: String,
    pub(crate) children: Vec<Child>,
    /// Answers for Identity Center while it lives.
    runtime: Runtime,
}

impl Drop for Town {
    fn drop(&mut self) {
        for child in &mut self.children {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

impl Town {
    pub(crate) fn new() -> Self {
        Self::of(|_| {})
    }

    /// The sample organization with this change.
    fn of(change: impl FnOnce(&mut Snapshot)) -> Self {
        let mut organization = Organization::parse("sample", SAMPLE).unwrap();
        change(&mut organization.directory);
        let world = World::new(&organization.directory, 1, FaultPlan::calm());
        let center = Arc::new(SimulatedIdentityCenter::new(world, Arc::new(SystemClock::default())));
        let runtime = Runtime::new().unwrap();
        let (listener, front) = listener(&runtime);
        runtime.spawn(Front::new(Arc::clone(&center), Options::default()).serve(listener));
        let folder = tempfile::tempdir().unwrap();
        let (issuing, issuer) = start(&["--port", "0"], &folder.path().join("issuer"));
        let groups: Vec<_> = organization.roles.administrators.iter().map(ToString::to_string).collect();
        let administrators = groups.join(",");
        Self { folder, center, front, issuer, administrators, children: vec![issuing], runtime }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn command(&self, user_claim: &str) -> Command {
        let mut command = kari();
        command.args(["--port", "0", "--identity-center", "aws", "--issuer", &self.issuer]);
        command.args(["--client-id", "kari", "--user-claim", user_claim]);
        command.args(["--administrators", &self.administrators]).arg("--data-dir").arg(self.path("data"));
        command.env("AWS_REGION", "ap-northeast-1").env("AWS_EC2_METADATA_DISABLED", "true");
        command.env("AWS_ACCESS_KEY_ID", "local").env("AWS_SECRET_ACCESS_KEY", "local");
        for service in ["SSO_ADMIN", "IDENTITYSTORE", "ORGANIZATIONS", "STS"] {
            command.env(format!("AWS_ENDPOINT_URL_{service}"), &self.front);
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts it, and says where it is.
    pub(crate) fn start(&mut self, user_claim: &str) -> String {
        let mut child = self.command(user_claim).stderr(Stdio::null()).spawn().unwrap();
        let origin = ready_line(child.stdout.take().unwrap());
        self.children.push(child);
        origin
    }

    /// Stops what was started last.
    pub(crate) fn stop(&mut self) {
        let mut running = self.children.pop().unwrap();
        running.kill().unwrap();
        running.wait().unwrap();
        self.has_stopped("data");
    }

    /// Waits until no worker uses a data directory any more.
    fn has_stopped(&self, data: &str) {
        let lock = self.path(data).join("lock");
        eventually("its worker has stopped", || {
            std::fs::File::open(&lock).is_ok_and(|lock| lock.try_lock().is_ok())
        });
    }

    /// An identity token of somebody of the sample organization.
    fn token(&self, name: &str) -> String {
        let users = Organization::parse("sample", SAMPLE).unwrap().directory.users;
        let user = users.values().find(|user| user.user_name == name).unwrap();
        let said = json!({ "preferred_username": name, "email": user.email });
        self.token_that_says(user.id.as_str(), &said)
    }

    /// An identity token of the issuer that says this, of a subject of its own.
    fn token_that_says(&self, subject: &str, more: &Value) -> String {
        kari_api::authentication::use_ring();
        let keys = call("GET", &format!("{}/oauth/jwks", self.issuer), "", &Value::Null).1;
        let kid = keys["keys"][0]["kid"].as_str().map(str::to_owned);
        let mut claims =
            json!({ "iss": self.issuer, "aud": "kari", "sub": subject, "exp": 32_503_680_000_i64 });
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let key = std::fs::read(self.path("issuer").join("issuer-key.der")).unwrap();
        let header = Header { kid, ..Header::new(Algorithm::ES256) };
        encode(&header, &claims, &EncodingKey::from_ec_der(&key)).unwrap()
    }

    pub(crate) fn assignments(&self) -> usize {
        self.center.with(|world, now| world.assignments(now).len()).unwrap()
    }

    /// From now on Identity Center is another organization's.
    pub(crate) fn move_elsewhere(&mut self) {
        let other = format!("instance = \"ssoins-0123456789abcdef\"\n{SAMPLE}");
        let organization = Organization::parse("other", &other).unwrap();
        let world = World::new(&organization.directory, 1, FaultPlan::calm());
        let center = Arc::new(SimulatedIdentityCenter::new(world, Arc::new(SystemClock::default())));
        let (listener, front) = listener(&self.runtime);
        self.runtime.spawn(Front::new(center, Options::default()).serve(listener));
        self.front = front;
    }

    /// From now on Identity Center does not answer. Where it will.
    pub(crate) fn fall_silent(&mut self) -> TcpListener {
        let (listener, front) = listener(&self.runtime);
        self.front = front;
        listener
    }

    /// It answers there.
    pub(crate) fn answer_at(&self, listener: TcpListener) {
        self.runtime.spawn(Front::new(Arc::clone(&self.center), Options::default()).serve(listener));
    }
}

fn listener(runtime: &Runtime) -> (TcpListener, String) {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let front = format!("http://{}", listener.local_addr().unwrap());
    (listener, front)
}

fn call(method: &str, url: &str, token: &str, body: &Value) -> (u16, Value) {
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(url)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("idempotency-key", "once");
    let mut answer = match method {
        "GET" => client().run(request.body(()).unwrap()).unwrap(),
        _ => client().run(request.body(body.to_string()).unwrap()).unwrap(),
    };
    (answer.status().as_u16(), answer.body_mut().read_json().unwrap_or_default())
}

fn apply_sample(town: &Town) {
    let file = town.path("policies.toml");
    std::fs::write(&file, SAMPLE).unwrap();
    let mut command = kari();
    command.args(["policies", "apply"]).arg(&file).arg("--data-dir").arg(town.path("data"));
    let (code, text) = said(command);
    assert_eq!(code, 0, "{text}");
}

/// Alice asks for access to a sandbox, and has it. Where her request is.
pub(crate) fn given_to_alice(town: &Town, origin: &str) -> String {
    apply_sample(town);
    let alice = town.token("alice");
    let sets = format!("{origin}/v1/directory/permission-sets?limit=200");
    let sets = call("GET", &sets, &town.token("hanako"), &Value::Null).1;
    let set = sets["items"].as_array().unwrap().iter().find(|set| set["name"] == "PowerUserAccess").unwrap();
    let wish = json!({
        "accounts": ["210000000051"],
        "permission_set": set["arn"],
        "duration_minutes": 60,
        "justification": "the disk is full again",
    });
    let (status, asked) = call("POST", &format!("{origin}/v1/requests"), &alice, &wish);
    assert_eq!(status, 201, "{asked}");
    let request = format!("{origin}/v1/requests/{}", asked["results"][0]["request"]["id"].as_str().unwrap());
    eventually("it is active", || call("GET", &request, &alice, &Value::Null).1["state"] == "active");
    assert_eq!(town.assignments(), 1);
    request
}

/// Everything is to end, and nothing of it has.
pub(crate) fn drained(town: &Town) {
    let mut drain = kari();
    drain.args(["drain", "--timeout", "0", "--data-dir"]).arg(town.path("data"));
    let (code, text) = said(drain);
    assert!(code == 1 && text.contains("alice"), "{text}");
}

#[test]
fn access_is_given_and_taken_away_in_identity_center() {
    let mut town = Town::new();
    let origin = town.start("sub=id");
    let request = given_to_alice(&town, &origin);
    assert_eq!(call("POST", &format!("{request}/revoke"), &town.token("alice"), &json!({})).0, 200);
    eventually("it is gone", || town.assignments() == 0);
}

#[test]
fn access_ends_although_nobody_can_sign_in() {
    let mut town = Town::new();
    let origin = town.start("sub=id");
    given_to_alice(&town, &origin);
    town.stop();
    drained(&town);

    // The issuer, too.
    town.stop();
    let again = town.command("sub=id").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    town.children.push(again);
    eventually("it is gone", || town.assignments() == 0);
}

#[test]
fn what_needs_nobody_to_be_signed_in_is_there_before_the_issuer_answers_and_the_rest_as_soon_as_it_does() {
    let mut town = Town::new();
    town.start("sub=id");
    town.stop();
    // The issuer, too.
    town.stop();
    town.has_stopped("issuer");
    let secrets = town.path("slack.json");
    std::fs::write(&secrets, r#"{"bot_token": "xoxb-1", "signing_secret": "hush"}"#).unwrap();
    std::fs::set_permissions(&secrets, std::fs::Permissions::from_mode(0o600)).unwrap();
    let mut command = town.command("sub=id");
    command.args(["--slack-workspaces", "T0000000001", "--slack-api-url", "http://127.0.0.1:9/"]);
    command.arg("--slack-secrets").arg(&secrets).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let origin = ready_line(child.stdout.take().unwrap());
    town.children.push(child);
    assert_eq!(call("GET", &format!("{origin}/healthz"), "", &Value::Null).0, 200);
    let unsigned = call("POST", &format!("{origin}/slack/events"), "", &json!({})).0;
    assert_eq!(unsigned, 401, "Slack is listened to");
    for path in ["/v1/me", "/config.json", "/"] {
        let mut waits = client().get(format!("{origin}{path}")).call().unwrap();
        assert_eq!(waits.status(), 503, "{path}");
        assert_eq!(waits.headers()["retry-after"], "2");
        let problem: Value = waits.body_mut().read_json().unwrap();
        assert_eq!(problem["code"], "unavailable", "{problem}");
    }

    let port = town.issuer.rsplit(':').next().unwrap().to_owned();
    let (issuing, issuer) = start(&["--port", &port], &town.path("issuer"));
    town.children.push(issuing);
    assert_eq!(issuer, town.issuer);
    let me = format!("{origin}/v1/me");
    eventually("people sign in", || call("GET", &me, &town.token("alice"), &Value::Null).0 == 200);
    assert_eq!(client().get(format!("{origin}/")).call().unwrap().headers().get("retry-after"), None);
}

#[test]
fn nothing_of_a_simulation_exists_and_people_sign_in_elsewhere() {
    let mut town = Town::new();
    let origin = town.start("preferred_username=user-name");
    let hanako = town.token("hanako");
    let (status, me) = call("GET", &format!("{origin}/v1/me"), &hanako, &Value::Null);
    assert!(status == 200 && me["roles"].to_string().contains("administrator"), "{me}");
    for path in [
        "/v1/simulation",
        "/v1/simulation/identity-center",
        "/oauth/jwks",
        "/.well-known/openid-configuration",
    ] {
        assert_eq!(call("GET", &format!("{origin}{path}"), &hanako, &Value::Null).0, 404, "{path}");
    }
    let access_token = token("hanako", &town.path("issuer"));
    for bad in ["nonsense", &access_token] {
        assert_eq!(call("GET", &format!("{origin}/v1/me"), bad, &Value::Null).0, 401);
    }
    let config = call("GET", &format!("{origin}/config.json"), &hanako, &Value::Null).1;
    assert_eq!(config["authority"], town.issuer.as_str());
    assert_eq!((&config["simulated"], &config["identity_tokens"]), (&json!(false), &json!(true)));
    let page = client().get(format!("{origin}/config.json")).call().unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains(&format!("connect-src 'self' {};", town.issuer)), "{policy}");

    let mut command = kari();
    command.args(["token", "--as", "hanako", "--data-dir"]).arg(town.path("data"));
    let (code, text) = said(command);
    assert!(code == 1 && text.contains("sign in at your issuer"), "{text}");
}

#[test]
fn an_address_that_the_issuer_does_not_vouch_for_is_nobodys() {
    let mut town = Town::new();
    let origin = town.start("email=email");
    let (status, problem) = call("GET", &format!("{origin}/v1/me"), &town.token("alice"), &Value::Null);
    assert!(status == 401 || status == 403, "{status} {problem}");
}

/// Yuki has Kenji's address, and so has Bob Priya's, who is disabled.
fn shared_addresses(directory: &mut Snapshot) {
    for (name, address) in [("yuki", "Kenji.Tanaka@hinode.example"), ("bob", "priya.sharma@hinode.example")] {
        let user = directory.users.values_mut().find(|user| user.user_name == name).unwrap();
        user.email = Some(address.to_owned());
    }
    directory.users.values_mut().find(|user| user.user_name == "priya").unwrap().enabled = false;
}

#[test]
fn a_verified_address_is_that_of_the_one_person_who_has_it_in_whatever_case_and_no_other_address_is_anybodys()
{
    let mut town = Town::of(shared_addresses);
    let origin = town.start("email=email");
    let me = |subject: &str, claims: &Value| {
        call("GET", &format!("{origin}/v1/me"), &town.token_that_says(subject, claims), &Value::Null)
    };
    let alice = "alice.martin@hinode.example";
    let verified = |address: &str| json!({ "email": address, "email_verified": true });
    eventually("the directory was read", || me("alice", &verified(alice)).0 == 200);
    assert_eq!(me("alice", &verified(alice)).1["user"]["display_name"], "Alice Martin");
    let (status, said) = me("alice-too", &verified("Alice.MARTIN@Hinode.Example"));
    assert_eq!((status, &said["user"]["display_name"]), (200, &json!("Alice Martin")), "{said}");

    let refused = [
        json!({ "email": alice, "email_verified": false }),
        json!({ "email": alice, "email_verified": "true" }),
        json!({ "email": alice, "email_verified": 1 }),
        json!({ "email": alice, "email_verified": null }),
        json!({ "email": alice }),
        json!({ "email_verified": true }),
        verified(""),
        verified("alice.martin@hinode.example.org"),
        verified("kenji.tanaka@hinode.example"),
        verified("priya.sharma@hinode.example"),
    ];
    for (number, claims) in refused.iter().enumerate() {
        let (status, problem) = me(&format!("somebody-{number}"), claims);
        assert_eq!((status, &problem["code"]), (403, &json!("unknown-caller")), "{claims}");
    }
    // Who was refused is let in as soon as the issuer says so.
    assert_eq!(me("somebody-0", &verified(alice)).0, 200);
}

#[test]
fn why_nobody_gets_in_is_logged_and_nothing_of_what_their_tokens_say() {
    let mut town = Town::new();
    let log = town.path("log");
    let mut command = town.command("email=email");
    let mut child = command.stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
    let me = format!("{}/v1/me", ready_line(child.stdout.take().unwrap()));
    town.children.push(child);
    let unknown = json!({ "email": "swordfish@example.com", "email_verified": true });
    for says in [json!({}), json!({ "email": "swordfish@example.com" }), unknown] {
        assert_eq!(call("GET", &me, &town.token_that_says("swordfish", &says), &Value::Null).0, 403);
    }
    assert_eq!(call("GET", &me, "swordfish", &Value::Null).0, 401);
    let logged = || std::fs::read_to_string(&log).unwrap();
    for why in
        ["the token has no such claim", "was verified", "nobody has that address", "a token was not taken"]
    {
        eventually(why, || logged().contains(why));
    }
    assert!(!logged().contains("swordfish"), "{}", logged());
}

#[test]
fn records_of_a_real_identity_center_are_not_opened_beside_a_simulated_one() {
    let mut town = Town::new();
    town.start("sub=id");
    town.stop();
    let mut simulated = kari();
    simulated.args(["--port", "0", "--data-dir"]).arg(town.path("data"));
    let (code, text) = said(simulated);
    assert!(code == 1 && text.contains("belongs to another identity center"), "{text}");
}
