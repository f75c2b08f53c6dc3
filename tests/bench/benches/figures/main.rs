//! `make bench`: measures, prints one table, and fails if a budget is missed.
//!
//! Criterion measures. What it has to say itself is kept off the standard output, which is for the
//! table alone.
#![allow(clippy::expect_used, reason = "a benchmark that cannot run says so")]

mod functions;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Write, stdout};
use std::process::ExitCode;
use std::time::Duration;

use criterion::{BatchSize, Bencher, Criterion};
use kari_application::policy_storage::{StoredPolicyItem, policy_set as policy_set_of};
use kari_bench::{
    Company, Figure, Figures, LISTS, Measured, Size, Steps, Unit, Wish, calls_of_the_rounds, organization,
    policy_set, questions,
};
use kari_domain::directory::{Account, PermissionSet, Snapshot, Subject};
use kari_domain::policy::{CompiledPolicies, Policy, PolicySet, Question, Versioned, evaluate, offers};
use kari_domain::time::Minutes;
use kari_embedded::identity_center::{Action, Service};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

/// The best known tool for the same needs 4,903 µs with 5,000 policies.
const VERDICT: f64 = 20e-6;
const EVERYTHING_OFFERED: f64 = 20e-3;
/// Of the 174 ms that 300 ms are with what `api` has of a processor.
const POLICIES_AT_A_START: f64 = 25e-3;
const PROCESSOR_OF_A_JOURNEY: f64 = 3e-3;
/// What `calls.rs` allows, one by one.
const CALLS_TO_IDENTITY_CENTER: f64 = 13.0;

/// The requester, their groups, the account and each unit above it: asked of the directory itself, here and
/// below, because what was true earlier proves nothing. AWS tells the units with the account: there each of
/// these needs four calls fewer, and besides those of DynamoDB, which tests/README.md has.
const CALLS_TO_ASK: f64 = 7.0;
/// The same, and the reviewer and their groups.
const CALLS_TO_APPROVE: f64 = 9.0;
/// The same as to ask once more, right before access begins; a look at whose it is, the creation, and how it
/// fares.
const CALLS_UNTIL_ACCESS: f64 = 11.0;
/// The deletion, how it fares, and two looks a grace apart.
const CALLS_TO_END: f64 = 7.0;
const CALLS_TO_VERIFY: f64 = 150.0;
/// One for each account, and one for each permission set in it: nothing lists more at a time.
const CALLS_TO_SEARCH: f64 = 5_100.0;

fn main() -> ExitCode {
    let mut terminal = File::from(rustix::io::dup(stdout()).expect("there is a standard output"));
    let nowhere = File::create("/dev/null").expect("there is nowhere");
    rustix::stdio::dup2_stdout(nowhere).expect("the standard output can be put aside");
    let mut bench = Bench::new();
    policies(&mut bench);
    journeys(&mut bench);
    calls(&mut bench);
    functions::measure(&mut bench);
    writeln!(terminal, "{}", bench.figures).expect("the table can be printed");
    if bench.figures.miss_a_budget() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Gathers figures.
struct Bench {
    criterion: Criterion,
    /// Where criterion leaves its samples. A new folder each time, so that no figure is an old one.
    folder: TempDir,
    figures: Figures,
}

/// Samples as criterion saves them; times are in nanoseconds.
#[derive(Deserialize)]
struct Samples {
    iters: Vec<f64>,
    times: Vec<f64>,
}

impl Bench {
    fn new() -> Self {
        let folder = on_disk();
        let criterion = Criterion::default()
            .configure_from_args()
            .output_directory(folder.path())
            .without_plots()
            .warm_up_time(Duration::from_secs(1));
        Self { criterion, folder, figures: Figures::default() }
    }

    /// How many seconds one iteration takes, by samples; none if other benchmarks were asked for.
    fn seconds(&mut self, name: &str, routine: impl FnMut(&mut Bencher<'_>)) -> Vec<f64> {
        self.criterion.bench_function(name, routine);
        let file = self.folder.path().join(name).join("new/sample.json");
        let Ok(text) = fs::read(file) else { return vec![] };
        let samples: Samples = serde_json::from_slice(&text).expect("criterion saves its samples");
        samples.times.iter().zip(samples.iters).map(|(time, iterations)| time / iterations * 1e-9).collect()
    }

    fn add(&mut self, what: &str, unit: Unit, samples: impl IntoIterator<Item = f64>, budget: Option<f64>) {
        let figure = |measured| Figure { what: what.to_owned(), unit, measured, budget };
        self.figures.0.extend(Measured::of(samples).map(figure));
    }
}

/// Not in the temporary folder of the machine, which may be in memory.
fn on_disk() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on disk")
}

/// Who asks for which permission set on which account.
type Asked = (Subject, Account, PermissionSet);

/// 5,000 accounts in 300 units with 50 permission sets; one policy in ten is for everyone.
fn policies(bench: &mut Bench) {
    let organization = organization(Size::BIG);
    let asked = questions(&organization, 5_000);
    for (policies, named) in [(5, "5"), (50, "50"), (500, "500"), (5_000, "5,000")] {
        let compiled = CompiledPolicies::new(policy_set(&organization, policies));
        let samples = bench.seconds(&format!("verdict-{policies}"), |b| judge(b, &compiled, &asked));
        bench.add(&format!("verdict, {named} policies"), Unit::Seconds, samples, Some(VERDICT));
    }
    let set = policy_set(&organization, 5_000);
    let compiled = CompiledPolicies::new(set.clone());
    // Most of those who ask for anything are refused. Where they are not, approval is worked out too.
    let eligible: Vec<Asked> = asked
        .iter()
        .filter(|asked| evaluate(&compiled, &question(asked)).reasons().is_empty())
        .cloned()
        .collect();
    let samples = bench.seconds("verdict-eligible", |b| judge(b, &compiled, &eligible));
    bench.add("verdict for the eligible, 5,000 policies", Unit::Seconds, samples, Some(VERDICT));
    let samples =
        bench.seconds("everything-offered", |b| offer_everything(b, &compiled, &asked, &organization));
    let what = "all a person may request, 5,000 accounts × 50, 5,000 policies";
    bench.add(what, Unit::Seconds, samples, Some(EVERYTHING_OFFERED));
    let samples =
        bench.seconds("compiling", |b| b.iter_with_large_drop(|| CompiledPolicies::new(set.clone())));
    bench.add("5,000 policies made ready, once per version", Unit::Seconds, samples, None);
    let stored = as_stored(&set);
    let samples = bench.seconds("reading", |b| {
        b.iter_with_large_drop(|| policy_set_of(stored.iter().cloned()).map(CompiledPolicies::new));
    });
    let what = "5,000 policies read as they are stored and made ready, where a function starts";
    bench.add(what, Unit::Seconds, samples, Some(POLICIES_AT_A_START));
}

fn as_stored(set: &PolicySet) -> Vec<StoredPolicyItem> {
    fn item<P: Policy + Serialize>(kind: &str, policy: &Versioned<P>) -> StoredPolicyItem {
        let body = serde_json::to_string(policy).expect("a policy is written");
        let key = format!("policies/{kind}/{}", policy.policy.id());
        StoredPolicyItem { key, version: policy.version, body }
    }
    let eligibility = set.eligibility.iter().map(|policy| item("eligibility", policy));
    let guardrails = set.guardrails.iter().map(|policy| item("guardrail", policy));
    let approvers = set.approvers.iter().map(|policy| item("approver", policy));
    eligibility.chain(guardrails).chain(approvers).collect()
}

/// One request after the other, whoever asks for whatever.
fn judge(bencher: &mut Bencher<'_>, compiled: &CompiledPolicies, asked: &[Asked]) {
    let mut asked = asked.iter().cycle();
    bencher.iter(|| evaluate(compiled, &question(asked.next().expect("there are questions"))));
}

fn question((requester, account, permission_set): &Asked) -> Question<'_> {
    Question { requester, account, permission_set, duration: Minutes(30), has_ticket: true }
}

/// One person after the other. Each account and permission set is named, as a list of them needs it.
fn offer_everything(
    bencher: &mut Bencher<'_>,
    compiled: &CompiledPolicies,
    asked: &[Asked],
    organization: &Snapshot,
) {
    let mut people = asked.iter().map(|(person, _, _)| person).cycle();
    bencher.iter(|| {
        let person = people.next().expect("there are people");
        offers(compiled, person, organization).iter().map(|(_, sets)| sets.len()).sum::<usize>()
    });
}

/// Whole journeys on the embedded parts; the store is on disk and waits for it (`synchronous=FULL`).
fn journeys(bench: &mut Bench) {
    let folder = on_disk();
    let company = Company::open(&folder.path().join("kari.db"));
    let mut numbers = 0..;
    let mut travel = || company.travel(numbers.next().expect("numbers have no end"), &Wish::EVERYDAY);
    let ready = || company.read_directory();
    let samples = bench.seconds("journey", |b| b.iter_batched(ready, |()| travel(), BatchSize::PerIteration));
    let rates = samples.into_iter().map(f64::recip);
    bench.add("whole journeys through SQLite on disk", Unit::JourneysPerSecond, rates, None);
    let mut travelling = || spent(&mut travel);
    let samples = bench.seconds("journey-processor-time", |b| processor(b, ready, &mut travelling));
    bench.add("processor time of a journey", Unit::Seconds, samples, Some(PROCESSOR_OF_A_JOURNEY));
    let mut telling = || {
        company.tell();
        travel();
        spent(|| company.tell())
    };
    let samples = bench.seconds("telling-processor-time", |b| processor(b, ready, &mut telling));
    bench.add("processor time of telling everybody of it, afterwards", Unit::Seconds, samples, None);
}

/// How many calls a journey needs: to Identity Center, which allows twenty a second for everybody
/// together, and to the directory; and what each operation needs of both.
fn calls(bench: &mut Bench) {
    let folder = on_disk();
    let company = Company::open(&folder.path().join("kari.db"));
    let journeys: Vec<_> = (0..40).map(|n| company.calls_of_a_journey(n, &Wish::EVERYDAY)).collect();
    let calls = |of: fn(Service) -> bool| {
        let sum = move |calls: &BTreeMap<Action, u32>| {
            calls.iter().filter(|(action, _)| of(action.service())).map(|(_, calls)| *calls).sum::<u32>()
        };
        journeys.iter().map(sum).map(f64::from).collect::<Vec<_>>()
    };
    let to_identity_center = calls(|service| service == Service::SsoAdmin);
    let what = "AWS calls of a journey, to Identity Center";
    bench.add(what, Unit::Calls, to_identity_center, Some(CALLS_TO_IDENTITY_CENTER));
    bench.add(
        "AWS calls of a journey, to the directory",
        Unit::Calls,
        calls(|service| service != Service::SsoAdmin),
        None,
    );
    let steps: Vec<_> = (40..80).map(|n| company.calls_of_each_step(n, &Wish::EVERYDAY)).collect();
    let mut step = |what, budget, of: fn(&Steps) -> u32| {
        let what = format!("AWS calls without DynamoDB, {what}");
        bench.add(&what, Unit::Calls, steps.iter().map(of).map(f64::from), Some(budget));
    };
    step("to ask", CALLS_TO_ASK, |steps| steps.asked);
    step("to approve", CALLS_TO_APPROVE, |steps| steps.approved);
    step("from there to access", CALLS_UNTIL_ACCESS, |steps| steps.granted);
    step("to end", CALLS_TO_END, |steps| steps.ended);
    company.leave_open(80, &Wish::EVERYDAY);
    for (list, who, view) in LISTS {
        let what = format!("AWS calls without DynamoDB, a page of the list: {list}");
        let calls = company.calls_of_a_page(who, view);
        bench.add(&what, Unit::Calls, [f64::from(calls)], Some(0.0));
    }
    let rounds = calls_of_the_rounds(&folder.path().join("rounds.db"));
    let what = "AWS calls without DynamoDB, 300 grants of 120 people compared, hourly";
    bench.add(what, Unit::Calls, [f64::from(rounds.verified)], Some(CALLS_TO_VERIFY));
    let what = "AWS calls without DynamoDB, 100 accounts × 50 permission sets searched, daily";
    bench.add(what, Unit::Calls, [f64::from(rounds.searched)], Some(CALLS_TO_SEARCH));
}

/// Adds up what `measured` says of itself, each time after `ready`.
fn processor(bencher: &mut Bencher<'_>, ready: impl Fn(), mut measured: impl FnMut() -> Duration) {
    bencher.iter_custom(|times| {
        let each = (0..times).map(|_| {
            ready();
            measured()
        });
        each.sum()
    });
}

/// The processor time that something takes.
fn spent(doing: impl FnOnce()) -> Duration {
    let before = processor_time();
    doing();
    processor_time().saturating_sub(before)
}

/// The processor time this process has used.
fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).expect("time goes forward")
}
