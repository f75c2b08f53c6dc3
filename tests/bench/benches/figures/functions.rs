//! The programs of the Lambda functions, as they were built.

use std::fs;
use std::path::{Path, PathBuf};

use kari_bench::eligibility::Offered;
use kari_bench::function::{Start, start, warm};
use kari_bench::{Deployed, Size, Unit, eligibility, organization, policy_set, pressed, search};
use kari_domain::ids::{AccountId, UserId};
use kari_domain::policy::CompiledPolicies;
use tokio::runtime::{Builder, Runtime};

use crate::Bench;

/// Of the program of a function: what Lambda starts soon, and what fits twelve times into its memory.
const FIRST_POLL: f64 = 15e-3;
const SIZE: f64 = 6e6;
const MEMORY: f64 = 20e6;
/// What Lambda gives a function with 256 MB; `api`, which has 1,024; and `slack`, which has 512 and acknowledges in time
/// with less.
const SHARE: f64 = 0.14;
const SHARE_OF_API: f64 = 0.58;
const SHARE_OF_SLACK: f64 = 0.29;
const STARTS: usize = 20;

/// Slack waits three seconds for its answer. The best known tool needs 745 ms to be loaded, and 19 ms of processor.
const ACKNOWLEDGED_COLD: f64 = 60e-3;
const ACKNOWLEDGED_COLD_WITH_A_SHARE: f64 = 500e-3;
const ACKNOWLEDGED_WARM: f64 = 2e-3;
const CLICKS: u32 = 500;

/// Before somebody who opens the portal notices that nothing runs yet.
const FIRST_OFFERED_WITH_A_SHARE: f64 = 300e-3;
/// Half of what Slack waits: the way takes some, and AWS is farther away than here.
const FIRST_FOUND_WITH_A_SHARE: f64 = 1.5;

/// All of them where there is nothing, and those that people wait for where there is everything.
pub(crate) fn measure(bench: &mut Bench) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    each(bench, &runtime);
    with_everything(bench, &runtime);
}

/// Each of them, where there is nothing.
fn each(bench: &mut Bench, runtime: &Runtime) {
    let nothing = Deployed::default();
    let warm = runtime.block_on(warm(&program(SLACK), pressed(), CLICKS)).expect(BUILD_IT);
    let what = "slack: a click acknowledged by a program that runs, processor time";
    bench.add(what, Unit::Seconds, [warm.as_secs_f64()], Some(ACKNOWLEDGED_WARM));
    for (name, event) in FUNCTIONS {
        let program = program(name);
        let event = || event.map(|event| event());
        let whole = starts(runtime, &program, event, None, &nothing);
        let polled =
            |starts: &[Start]| starts.iter().map(|start| start.first_poll.as_secs_f64()).collect::<Vec<_>>();
        let what = format!("{name}: from its start to its first call for work");
        // It reads its secret first.
        let first_poll = (name != SLACK).then_some(FIRST_POLL);
        bench.add(&what, Unit::Seconds, polled(&whole), first_poll);
        let what = format!("{name}: the same with {SHARE} of a processor");
        let slow = starts(runtime, &program, event, Some(SHARE), &nothing);
        bench.add(&what, Unit::Seconds, polled(&slow), None);
        let budget = |seconds| (name == SLACK).then_some(seconds);
        let what = format!("{name}: to its first answer");
        bench.add(&what, Unit::Seconds, answered(&whole), budget(ACKNOWLEDGED_COLD));
        let what = format!("{name}: the same with {SHARE} of a processor");
        bench.add(&what, Unit::Seconds, answered(&slow), budget(ACKNOWLEDGED_COLD_WITH_A_SHARE));
        bench.add(&format!("{name}: memory at most"), Unit::Bytes, memory(&whole), Some(MEMORY));
        let size = fs::metadata(&program).expect(BUILD_IT).len();
        #[expect(clippy::cast_precision_loss, reason = "no program has so many bytes")]
        bench.add(&format!("{name}: size"), Unit::Bytes, [size as f64], Some(SIZE));
    }
}

/// What is asked of programs that do not run yet and have everything from DynamoDB: the directory, and the policies, of
/// which there is a copy, as there is a minute after an edit.
fn with_everything(bench: &mut Bench, runtime: &Runtime) {
    let organization = organization(Size::BIG);
    let mut set = policy_set(&organization, 5_000);
    set.settings.channels.slack = true;
    let deployed = runtime.block_on(Deployed::with(&organization, &set)).expect("the table is served");
    let policies = CompiledPolicies::new(set);
    let person = organization.users.values().find(|user| user.enabled).expect("somebody is enabled");
    let offered = eligibility::expected(&person.id, &organization, &policies);
    first_offered(bench, runtime, &deployed, &person.id, &offered);
    let found = search::expected(&person.id, &organization, &policies);
    first_found(bench, runtime, &deployed, &person.id, &found);
}

/// What somebody may ask for, who signed in.
fn first_offered(
    bench: &mut Bench,
    runtime: &Runtime,
    deployed: &Deployed,
    person: &UserId,
    expected: &[Offered],
) {
    assert!(!expected.is_empty(), "there is something to ask for");
    let program = program("api");
    let event = || Some(eligibility::asked_by(person));
    // The first start, which is no sample, also links who signed in to the user.
    let [whole, slow, slowest] = [None, Some(SHARE_OF_API), Some(SHARE)]
        .map(|share| starts(runtime, &program, event, share, deployed));
    for start in whole.iter().chain(&slow).chain(&slowest) {
        assert_eq!(eligibility::answered(&start.answer), expected, "what may be asked for");
    }
    let what = "api: to its first answer of what one may request, 5,000 policies from DynamoDB";
    bench.add(what, Unit::Seconds, answered(&whole), None);
    let what = format!("api: the same with {SHARE_OF_API} of a processor");
    bench.add(&what, Unit::Seconds, answered(&slow), Some(FIRST_OFFERED_WITH_A_SHARE));
    let what = format!("api: the same with {SHARE} of a processor");
    bench.add(&what, Unit::Seconds, answered(&slowest), None);
    bench.add("api: memory at most, with all of it", Unit::Bytes, memory(&whole), None);
}

/// The accounts that somebody searches in the form of Slack, which is asked who they are.
fn first_found(
    bench: &mut Bench,
    runtime: &Runtime,
    deployed: &Deployed,
    person: &UserId,
    expected: &[AccountId],
) {
    assert!(!expected.is_empty(), "there is something to find");
    let program = program(SLACK);
    let event = || Some(search::typed_by(person));
    let [whole, slow] =
        [None, Some(SHARE_OF_SLACK)].map(|share| starts(runtime, &program, event, share, deployed));
    for start in whole.iter().chain(&slow) {
        // NB. Whoever is refused, or waited too long, finds nothing, which is no figure either.
        assert_eq!(search::answered(&start.answer), expected, "what is found");
    }
    let what = "slack: to its first answer to a search of 5,000 accounts, 5,000 policies from DynamoDB";
    bench.add(what, Unit::Seconds, answered(&whole), None);
    let what = format!("slack: the same with {SHARE_OF_SLACK} of a processor");
    bench.add(&what, Unit::Seconds, answered(&slow), Some(FIRST_FOUND_WITH_A_SHARE));
    bench.add("slack: memory at most, with all of it", Unit::Bytes, memory(&whole), None);
}

/// A function's program.
fn program(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("lambda").join(name).join("bootstrap")
}

/// A program started many times; the first time is to have its file read. What it is invoked with is made each time
/// anew, because what is signed is good for a while only.
fn starts(
    runtime: &Runtime,
    program: &Path,
    event: impl Fn() -> Option<String>,
    share: Option<f64>,
    deployed: &Deployed,
) -> Vec<Start> {
    let one = || runtime.block_on(start(program, event(), share, deployed));
    (0..=STARTS).map(|_| one().expect(BUILD_IT)).skip(1).collect()
}

fn answered(starts: &[Start]) -> Vec<f64> {
    starts.iter().filter_map(|start| Some(start.first_answer?.as_secs_f64())).collect()
}

#[expect(clippy::cast_precision_loss, reason = "no program has so many bytes")]
fn memory(starts: &[Start]) -> Vec<f64> {
    starts.iter().map(|start| start.memory as f64).collect()
}

const BUILD_IT: &str = "build it first: make functions";
const SLACK: &str = "slack";

/// Makes what a function is invoked with.
type Invocation = fn() -> String;

/// With an invocation that each can answer where there is nothing; those of schedules need more.
const FUNCTIONS: [(&str, Option<Invocation>); 7] = [
    ("api", Some(healthz)),
    (SLACK, Some(pressed)),
    ("workflow", Some(|| r#"{"request_id":"01890000-0000-7000-8000-000000000000"}"#.to_owned())),
    ("relay", Some(|| r#"{"Records":[]}"#.to_owned())),
    ("slack-relay", None),
    ("reconciler", None),
    ("directory-sync", None),
];

fn healthz() -> String {
    r#"{"version":"2.0","routeKey":"$default","rawPath":"/healthz","rawQueryString":"","headers":{},
        "requestContext":{"accountId":"111122223333","apiId":"api","domainName":"api.example","http":{
        "method":"GET","path":"/healthz","protocol":"HTTP/1.1","sourceIp":"192.0.2.1","userAgent":"bench"},
        "requestId":"1","routeKey":"$default","stage":"$default","time":"01/Jan/2026:00:00:00 +0000",
        "timeEpoch":1767225600000},"isBase64Encoded":false}"#
        .to_owned()
}
