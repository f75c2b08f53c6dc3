//! How long it takes to judge one request, and to find all that a person may ask for, in an
//! organization of 5,000 accounts in 300 units with 50 permission sets.
//!
//! Targets at 5,000 policies: a verdict within 20 µs, everything a person may ask for within 20 ms.
#![allow(clippy::expect_used)]

use std::sync::LazyLock;

use divan::{Bencher, black_box};
use kari_bench::{Size, organization, policy_set, questions};
use kari_domain::directory::{Account, PermissionSet, Snapshot, Subject};
use kari_domain::policy::{CompiledPolicies, Question, evaluate, lint, offers};
use kari_domain::time::Minutes;

/// How many eligibility policies there are.
const POLICIES: [usize; 4] = [5, 50, 500, 5_000];

static ORGANIZATION: LazyLock<Snapshot> = LazyLock::new(|| organization(Size::BIG));
static QUESTIONS: LazyLock<Vec<Asked>> = LazyLock::new(|| questions(&ORGANIZATION, 5_000));

/// Who asks for which permission set on which account.
type Asked = (Subject, Account, PermissionSet);

fn main() {
    divan::main();
}

fn compiled(policies: usize) -> CompiledPolicies {
    CompiledPolicies::new(policy_set(&ORGANIZATION, policies))
}

/// One request, whoever asks for whatever; most are refused.
#[divan::bench(args = POLICIES, sample_size = 50)]
fn verdict(bencher: Bencher<'_, '_>, policies: usize) {
    let compiled = compiled(policies);
    judge(bencher, &compiled, &QUESTIONS.iter().collect::<Vec<_>>());
}

/// One request that may be made, so that everything about its approval is worked out as well.
#[divan::bench(args = POLICIES, sample_size = 50)]
fn verdict_of_the_eligible(bencher: Bencher<'_, '_>, policies: usize) {
    let compiled = compiled(policies);
    let eligible: Vec<_> =
        QUESTIONS.iter().filter(|asked| evaluate(&compiled, &question(asked)).reasons().is_empty()).collect();
    judge(bencher, &compiled, &eligible);
}

fn judge(bencher: Bencher<'_, '_>, compiled: &CompiledPolicies, asked: &[&Asked]) {
    let mut asked = asked.iter().cycle();
    bencher
        .with_inputs(|| asked.next().expect("there are questions"))
        .bench_local_values(|asked| evaluate(black_box(compiled), &question(asked)));
}

fn question((requester, account, permission_set): &Asked) -> Question<'_> {
    Question { requester, account, permission_set, duration: Minutes(30), has_ticket: true }
}

/// Everything that a person may ask for, over all accounts and permission sets.
#[divan::bench(args = POLICIES)]
fn everything_offered(bencher: Bencher<'_, '_>, policies: usize) {
    let compiled = compiled(policies);
    let mut questions = QUESTIONS.iter().cycle();
    bencher
        .with_inputs(|| questions.next().expect("there are questions"))
        .bench_local_values(|(person, _, _)| offers(black_box(&compiled), person, &ORGANIZATION).count());
}

/// Making the policies ready for evaluation, once per version.
#[divan::bench(args = POLICIES)]
fn compile(bencher: Bencher<'_, '_>, policies: usize) {
    let set = policy_set(&ORGANIZATION, policies);
    bencher.with_inputs(|| set.clone()).bench_local_values(CompiledPolicies::new);
}

/// Telling administrators everything about their policies.
#[divan::bench(args = POLICIES, sample_count = 10)]
fn linting(bencher: Bencher<'_, '_>, policies: usize) {
    let set = policy_set(&ORGANIZATION, policies);
    bencher.bench_local(|| lint(black_box(&set), &ORGANIZATION));
}
