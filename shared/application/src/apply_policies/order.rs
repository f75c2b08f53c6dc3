//! In how many appends a plan is carried out, and which change is in which.

use serde::Serialize;

use super::Step;
use crate::edit_policies::AnyPolicy;

/// The most steps that are taken at once. DynamoDB takes 100 actions in a transaction: each step is an event
/// and a policy; where the stream ends is one action more, and one says that nothing was lost of it.
pub(super) const MOST_STEPS: usize = 49;
/// The most bytes that are written at once. DynamoDB takes four times as many, but not over a slow line.
const MOST_BYTES: usize = 1_000_000;
/// What is written with each step beside policies and settings: keys, hashes, the envelope of the event.
const AROUND: usize = 2_000;

/// What a step does to what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// It only takes away: a guardrail that comes, an eligibility policy that goes.
    Narrows,
    /// It may do both: a guardrail that changes, whatever happens to an approver policy, settings.
    Rules,
    /// It does both where it changes whom or what it is about: an eligibility policy that changes.
    Eligibility,
    /// It only gives: an eligibility policy that comes, a guardrail that goes.
    Widens,
}

impl Effect {
    fn of(step: &Step) -> Self {
        let (before, after) = match step {
            Step::Settings { .. } => return Self::Rules,
            Step::Policy { before, after } => (before.as_deref(), after.as_deref()),
        };
        match (before, after) {
            (None, None | Some(AnyPolicy::Guardrail(_))) | (Some(AnyPolicy::Eligibility(_)), None) => {
                Self::Narrows
            }
            (Some(AnyPolicy::Guardrail(_)), Some(_))
            | (Some(AnyPolicy::Approver(_)), _)
            | (None, Some(AnyPolicy::Approver(_))) => Self::Rules,
            (Some(AnyPolicy::Eligibility(_)), Some(_)) => Self::Eligibility,
            (None, Some(AnyPolicy::Eligibility(_))) | (Some(AnyPolicy::Guardrail(_)), None) => Self::Widens,
        }
    }
}

/// Steps that are taken at once.
#[derive(Debug)]
pub(super) struct AtOnce<'a> {
    pub(super) steps: Vec<&'a Step>,
    bytes: usize,
}

impl<'a> AtOnce<'a> {
    fn of(steps: impl IntoIterator<Item = &'a Step>) -> Self {
        let steps: Vec<_> = steps.into_iter().collect();
        let bytes = steps.iter().map(|step| bytes(step)).sum();
        Self { steps, bytes }
    }

    /// Whether it fits one append together with this.
    fn fits(&self, more: &Self) -> bool {
        self.steps.len() + more.steps.len() <= MOST_STEPS && self.bytes + more.bytes <= MOST_BYTES
    }

    fn fits_alone(&self) -> bool {
        self.steps.len() <= MOST_STEPS && self.bytes <= MOST_BYTES
    }
}

/// How much a step writes: the event, and the policy for itself.
fn bytes(step: &Step) -> usize {
    match step {
        Step::Policy { before, after } => AROUND + length(&before.as_deref()) + 2 * length(&after.as_deref()),
        Step::Settings { before, after } => AROUND + length(before) + 2 * length(after),
    }
}

fn length<T: Serialize>(of: &T) -> usize {
    // What cannot be written is not taken anyway.
    serde_json::to_vec(of).map_or(0, |json| json.len())
}

/// The steps of each append, in the order of the appends. One, if all fit.
pub(super) fn appends(steps: &[Step]) -> Vec<Vec<&Step>> {
    let mut appends: Vec<AtOnce<'_>> = vec![];
    let all = AtOnce::of(steps);
    let parts = if all.fits_alone() { vec![all] } else { in_order(steps) };
    for part in parts.into_iter().filter(|part| !part.steps.is_empty()) {
        match appends.last_mut() {
            Some(last) if last.fits(&part) => {
                last.bytes += part.bytes;
                last.steps.extend(part.steps);
            }
            Some(_) | None => appends.push(part),
        }
    }
    appends.into_iter().map(|append| append.steps).collect()
}

/// What may be taken one after the other. What only takes away comes first, what only gives comes last; what
/// may do both changes at once between them, because whatever was taken away by one guardrail may have come to
/// another. Where that is too much for one append, in between some of it is as before and some as after: the
/// guardrails, approver policies and settings come first, at once if they fit.
pub(super) fn in_order(steps: &[Step]) -> Vec<AtOnce<'_>> {
    let of = |effect: Effect| steps.iter().filter(move |step| Effect::of(step) == effect);
    let each = |effect: Effect| of(effect).map(|step| AtOnce::of([step]));
    let rules = AtOnce::of(of(Effect::Rules));
    let both = AtOnce::of(of(Effect::Rules).chain(of(Effect::Eligibility)));
    let mut parts: Vec<_> = each(Effect::Narrows).collect();
    if rules.steps.is_empty() {
        // Each eligibility policy gives what it gives, whatever the others give.
        parts.extend(each(Effect::Eligibility));
    } else if both.fits_alone() {
        parts.push(both);
    } else if rules.fits_alone() {
        parts.push(rules);
        parts.extend(each(Effect::Eligibility));
    } else {
        parts.extend(each(Effect::Rules).chain(each(Effect::Eligibility)));
    }
    parts.extend(each(Effect::Widens));
    parts
}
