//! The commands of operators, and a deployment: `kari` as a process of its own, with credentials from a
//! profile, on DynamoDB's own engine and, through the real SDK, the simulated Identity Center over HTTP.

mod center;
mod cloud;
mod doctor;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use aws_config::{BehaviorVersion, Region};
use chrono::TimeDelta;
use kari_application::advance::advance;
use kari_application::caller::live_caller;
use kari_application::ports::Clock;
use kari_application::reconcile::sweep;
use kari_application::submit_request::{Wanted, submit_request};
use kari_application::sync_directory::sync_directory;
use kari_application::{Kari, load_request};
use kari_aws::environment::Environment;
use kari_aws::store::table;
use kari_aws::{Clients, Parts, assemble_from};
use kari_domain::audit::{Actor, Cause, Envelope, StreamId};
use kari_domain::ids::{RequestId, Target, UserId};
use kari_domain::text::Justification;
use kari_domain::time::{Instant, Minutes};
use kari_embedded::clock::SystemClock;
use kari_embedded::identity_center::http::{Front, Options};
use kari_embedded::identity_center::{Assignment, FaultPlan, Principal, SimulatedIdentityCenter, World};
use kari_embedded::ids::RandomIds;
use kari_embedded::organization::Organization;
use tokio::net::TcpListener;

use cloud::Shared;

const SAMPLE: &str = include_str!("../../sample-organization.toml");
const REGION: &str = "ap-northeast-1";
/// The account that DynamoDB's engine says a table is in.
const KARIS_ACCOUNT: &str = "000000000000";
/// Where nobody answers.
const NOWHERE: &str = "http://127.0.0.1:9";

/// The machine's clock, on which whoever sleeps finds that the time has passed.
#[derive(Debug, Default)]
struct Ahead {
    machine: SystemClock,
    seconds: AtomicI64,
}

impl Ahead {
    fn pass(&self, length: TimeDelta) {
        self.seconds.fetch_add(length.num_seconds() + 1, Ordering::Relaxed);
    }
}

#[async_trait]
impl Clock for Ahead {
    fn now(&self) -> Instant {
        self.machine.now() + TimeDelta::seconds(self.seconds.load(Ordering::Relaxed))
    }

    async fn sleep(&self, length: TimeDelta) {
        self.pass(length);
        tokio::task::yield_now().await;
    }
}

/// A deployment of which the functions run in this process.
struct Town {
    folder: tempfile::TempDir,
    dynamodb: String,
    front: SocketAddr,
    cloud: Shared,
    lambda_and_iam: SocketAddr,
    variables: BTreeMap<&'static str, String>,
    clients: Clients,
    center: Arc<SimulatedIdentityCenter>,
    clock: Arc<Ahead>,
    kari: Kari,
}

async fn clients_of(address: &str) -> Clients {
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(address)
        .http_client(kari_aws::http_client());
    Clients::new(&config.load().await, REGION)
}

impl Town {
    async fn new() -> Self {
        Self::with(Options::default()).await
    }

    async fn with(options: Options) -> Self {
        let organization = Organization::parse("sample", SAMPLE).unwrap();
        let clock = Arc::new(Ahead::default());
        let world = World::new(&organization.directory, 1, FaultPlan::calm());
        let instance = world.instance().clone();
        let center = Arc::new(SimulatedIdentityCenter::new(world, clock.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let front = listener.local_addr().unwrap();
        tokio::spawn(Front::new(Arc::clone(&center), options).serve(listener));
        let cloud = Shared::default();
        let lambda_and_iam = cloud::serve(&cloud).await;

        #[expect(clippy::disallowed_methods, reason = "the test runner says where it has started the engine")]
        let dynamodb = std::env::var("KARI_TEST_DYNAMODB").expect("run the tests with cargo nextest");
        let folder = tempfile::tempdir().unwrap();
        let name = format!("kari-{}", folder.path().file_name().unwrap().to_string_lossy().replace('.', ""));
        let dynamo = clients_of(&dynamodb).await.dynamodb;
        table::create(&dynamo, &name).await.unwrap();
        let protect = dynamo.update_table().table_name(&name).deletion_protection_enabled(true);
        protect.send().await.unwrap();

        let groups =
            |groups: &BTreeSet<_>| groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let variables = BTreeMap::from([
            ("AWS_REGION", REGION.to_owned()),
            ("KARI_TABLE", name),
            ("KARI_INSTANCE_ARN", instance.instance_arn),
            ("KARI_IDENTITY_STORE_ID", instance.identity_store_id),
            (
                "KARI_STATE_MACHINE_ARN",
                format!("arn:aws:states:{REGION}:{KARIS_ACCOUNT}:stateMachine:kari-access"),
            ),
            ("KARI_ADMINISTRATORS", groups(&organization.roles.administrators)),
            ("KARI_AUDITORS", groups(&organization.roles.auditors)),
            ("KARI_ISSUER", "https://issuer.example".to_owned()),
            ("KARI_AUDIENCE", "kari".to_owned()),
            ("KARI_PORTAL_URL", "https://kari.example".to_owned()),
            ("KARI_TOPIC_ARN", format!("arn:aws:sns:{REGION}:{KARIS_ACCOUNT}:kari")),
            ("KARI_ACCOUNT", KARIS_ACCOUNT.to_owned()),
        ]);
        let environment = Environment::read(|name| variables.get(name).cloned()).unwrap();
        let clients = Clients { dynamodb: dynamo, ..clients_of(&format!("http://{front}")).await };
        let ids = Arc::new(RandomIds::new(clock.clone()).unwrap());
        let parts = Parts { clients: clients.clone(), clock: clock.clone(), ids };
        let kari = assemble_from(&environment, parts);
        sync_directory(&kari).await.unwrap();
        let profile = "[operator]\naws_access_key_id = local\naws_secret_access_key = local\n";
        std::fs::write(folder.path().join("credentials"), profile).unwrap();
        std::fs::write(folder.path().join("config"), "").unwrap();
        std::fs::write(folder.path().join("policies.toml"), SAMPLE).unwrap();
        Self { folder, dynamodb, front, cloud, lambda_and_iam, variables, clients, center, clock, kari }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command, for the deployment with these variables instead of its own.
    fn command(&self, arguments: &[&str], instead: &[(&'static str, &str)]) -> Command {
        let mut variables = self.variables.clone();
        variables.extend(instead.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let lines: Vec<_> = variables.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        std::fs::write(self.file("kari.deployment"), lines.concat()).unwrap();
        let front = format!("http://{}", self.front);
        let mut command = kari();
        command.args(arguments).arg("--deployment").arg(self.file("kari.deployment"));
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        command.env("AWS_PROFILE", "operator").env("AWS_SHARED_CREDENTIALS_FILE", self.file("credentials"));
        command.env("AWS_CONFIG_FILE", self.file("config")).env("AWS_EC2_METADATA_DISABLED", "true");
        command.env("AWS_ENDPOINT_URL_DYNAMODB", &self.dynamodb);
        for service in ["SSO_ADMIN", "IDENTITYSTORE", "ORGANIZATIONS", "STS"] {
            command.env(format!("AWS_ENDPOINT_URL_{service}"), &front);
        }
        for service in ["LAMBDA", "IAM"] {
            command.env(format!("AWS_ENDPOINT_URL_{service}"), format!("http://{}", self.lambda_and_iam));
        }
        for service in ["SFN", "SNS"] {
            command.env(format!("AWS_ENDPOINT_URL_{service}"), NOWHERE);
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What a command said, and its exit code.
    async fn said(&self, arguments: &[&str], instead: &[(&'static str, &str)]) -> (i32, String) {
        said(self.command(arguments, instead)).await
    }

    fn policies(&self) -> String {
        self.file("policies.toml").display().to_string()
    }

    async fn ask(&self, who: &UserId, target: &Target) -> RequestId {
        let wanted = Wanted {
            idempotency_key: "once".to_owned(),
            accounts: vec![target.account.clone()],
            permission_set: target.permission_set.clone(),
            start: None,
            duration: Minutes(60),
            justification: Some(Justification::parse("the disk is full again").unwrap()),
            ticket: None,
        };
        let caller = live_caller(&self.kari, who).await.unwrap();
        let submitted = submit_request(&self.kari, &caller, Cause::Api, &wanted).await.unwrap();
        submitted.answers[0].result.as_ref().unwrap().id().unwrap()
    }

    async fn state(&self, id: RequestId) -> &'static str {
        load_request(&self.kari, id).await.unwrap().state.name()
    }

    fn assignments(&self) -> usize {
        self.center.with(|world, now| world.assignments(now).len()).unwrap()
    }
}

fn kari() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kari"));
    command.env_remove("KARI_LOG").env_remove("RUST_BACKTRACE").stdin(Stdio::null());
    command
}

fn alice_in_the_sandbox() -> (UserId, Target) {
    let directory = Organization::parse("sample", SAMPLE).unwrap().directory;
    let alice = directory.users.values().find(|user| user.user_name == "alice").unwrap().id.clone();
    let set = directory.permission_sets.values().find(|set| set.name == "PowerUserAccess").unwrap();
    (alice, Target { account: "210000000051".parse().unwrap(), permission_set: set.arn.clone() })
}

async fn said(mut command: Command) -> (i32, String) {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

const REHEARSAL: [&str; 8] = [
    "rehearse",
    "--yes",
    "--user",
    "alice",
    "--account",
    "sandbox-blue",
    "--permission-set",
    "PowerUserAccess",
];

#[tokio::test(flavor = "multi_thread")]
async fn policies_are_planned_and_applied_as_on_one_machine() {
    let town = Town::new().await;
    let file = town.policies();
    let (code, planned) = town.said(&["policies", "plan", &file], &[]).await;
    assert!(code == 2 && planned.contains("create eligibility policy on-call-look"), "{planned}");
    let (code, text) = town.said(&["policies", "apply", &file, "--at", "0"], &[]).await;
    assert!(code == 0 && text.contains("\nDone.\n"), "{text}");
    let (code, text) = town.said(&["policies", "plan", &file], &[]).await;
    assert!(code == 0 && text.contains("nothing to change; 18 policies"), "{text}");
    let set = town.kari.policies.current().await.unwrap().policy_set().clone();
    assert_eq!(set.eligibility.len() + set.guardrails.len() + set.approvers.len(), 18);
    // It is recorded who did it, as AWS knows them.
    let events = town.kari.store.stream(&StreamId::policies()).await.unwrap();
    let events = events.iter().map(|bytes| serde_json::from_str::<Envelope>(bytes).unwrap());
    let appends: BTreeSet<_> = events
        .map(|event| {
            let is_named = matches!(&event.actor, Actor::Operator { label } if label.ends_with(":user/kari"));
            assert!(is_named && event.cause == Cause::Operator, "{event:?}");
            event.append.0
        })
        .collect();
    assert_eq!(appends.len(), 1, "nobody sees a part of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_aws_does_not_say_who_somebody_is_what_they_do_is_recorded_all_the_same() {
    let town = Town::new().await;
    let mut command = town.command(&["drain", "--undo"], &[]);
    command.env("AWS_ENDPOINT_URL_STS", NOWHERE);
    let (code, text) = said(command).await;
    assert!(code == 0 && text.contains("recorded without your name"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drain_ends_every_grant_and_waits_until_it_was_seen_gone() {
    let town = Town::new().await;
    let file = town.policies();
    assert_eq!(town.said(&["policies", "apply", &file], &[]).await.0, 0);
    let (alice, target) = alice_in_the_sandbox();
    let id = town.ask(&alice, &target).await;
    while town.state(id).await != "active" {
        advance(&town.kari, id).await.unwrap();
        town.clock.pass(TimeDelta::seconds(5));
    }
    let (code, text) = town.said(&["drain", "--timeout", "0"], &[]).await;
    assert!(code == 1 && text.contains("alice, PowerUserAccess on 210000000051"), "{text}");

    let (kari, clock) = (town.kari.clone(), Arc::clone(&town.clock));
    let functions = tokio::spawn(async move {
        loop {
            sweep(&kari, clock.now() + TimeDelta::minutes(1)).await.unwrap();
            clock.pass(TimeDelta::seconds(30));
        }
    });
    let (code, text) = town.said(&["drain"], &[]).await;
    functions.abort();
    assert!(code == 0 && text.contains("Drained"), "{text}");
    assert_eq!((town.state(id).await, town.assignments()), ("closed", 0));
    let (code, _) = town.said(&["drain", "--undo"], &[]).await;
    assert_eq!(code, 0);
    assert!(town.kari.policies.settings().await.unwrap().requests_accepted);
}

/// How long a rehearsal says that a step took: seconds and tenths.
fn seconds(text: &str, step: &str) -> Option<f64> {
    let took = text.lines().find_map(|line| line.trim_start().strip_suffix(step)?.strip_suffix(" s  "))?;
    let (_, tenths) = took.split_once('.')?;
    (tenths.len() == 1).then_some(took)?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_makes_one_assignment_and_leaves_nothing() {
    let town = Town::new().await;
    let (code, text) = town.said(&REHEARSAL, &[]).await;
    assert_eq!(code, 0, "{text}");
    for made_or_removed in [
        ["creation accepted", "creation succeeded", "seen there"],
        ["deletion accepted", "deletion succeeded", "seen gone"],
    ] {
        let took = made_or_removed.map(|step| seconds(&text, step).expect(&text));
        assert!(took.is_sorted() && took[0] < took[2], "{text}");
    }
    assert_eq!(town.assignments(), 0);

    let (code, text) = town.said(&[&REHEARSAL[..1], &REHEARSAL[2..]].concat(), &[]).await;
    assert!(code == 1 && text.contains("say --yes"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_touches_nothing_that_was_there_before() {
    let town = Town::new().await;
    let (alice, target) = alice_in_the_sandbox();
    let Target { account, permission_set } = target;
    let there = Assignment { account, permission_set, principal: Principal::User(alice) };
    town.center.with(|world, now| world.assign_outside(now, &there)).unwrap();
    let (code, text) = town.said(&REHEARSAL, &[]).await;
    assert!(code == 1 && text.contains("they have that access already"), "{text}");
    assert_eq!(town.assignments(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_gives_nobody_access_to_karis_own_account() {
    let town = Town::new().await;
    let (code, text) = town.said(&REHEARSAL, &[("KARI_ACCOUNT", "210000000051")]).await;
    assert!(code == 1 && text.contains("kari itself runs in the account"), "{text}");
    assert_eq!(town.assignments(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_that_is_stopped_in_the_middle_removes_what_it_made() {
    let town = Town::new().await;
    let child = town.command(&REHEARSAL, &[]).spawn().unwrap();
    while town.assignments() == 0
        && town.center.with(|world, now| world.operations_in_flight(now).len()).unwrap() == 0
    {
        tokio::task::yield_now().await;
    }
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT)
        .unwrap();
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.code() == Some(1) && text.contains("seen gone"), "{text}");
    assert_eq!(town.assignments(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_goes_on_removing_although_it_cannot_look_for_a_while() {
    let town = Town::new().await;
    let mut child = town.command(&REHEARSAL, &[]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let deleted = tokio::task::spawn_blocking(move || {
        let deleted = lines.any(|line| line.unwrap().contains("deletion succeeded"));
        (deleted, lines)
    });
    let (deleted, lines) = deleted.await.unwrap();
    assert!(deleted);
    town.center.with(|world, now| world.throttle_for(now, TimeDelta::seconds(3))).unwrap();
    let rest = tokio::task::spawn_blocking(move || lines.map(Result::unwrap).collect::<Vec<_>>());
    let rest = rest.await.unwrap().join("\n");
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && rest.contains("seen gone"), "{rest} {output:?}");
}
