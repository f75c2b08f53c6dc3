//! Policy as code: what has to change so that policies and settings are those of a file, and changing it.

mod order;
#[cfg(test)]
mod tests;

use kari_domain::policy::{PolicySet, Versioned};
use kari_domain::settings::Settings;

use crate::edit_policies::{AnyPolicy, Editable, Editor, take_steps};
use crate::{Error, Kari};

/// What has to change, in the order in which people read it.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The version of the policy set that this was worked out for.
    pub version: u64,
    pub steps: Vec<Step>,
    /// How many policies stay as they are.
    pub unchanged: usize,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Without `before` a policy is created, without `after` one is deleted.
    Policy {
        before: Option<Box<AnyPolicy>>,
        after: Option<Box<AnyPolicy>>,
    },
    Settings {
        before: Settings,
        after: Settings,
    },
}

/// What has to change so that `current` says what `wanted` says.
pub fn plan(current: &PolicySet, wanted: &PolicySet) -> Plan {
    let mut plan = Plan { version: current.version, steps: vec![], unchanged: 0 };
    let guardrails = differences(&mut plan, &current.guardrails, &wanted.guardrails);
    let approvers = differences(&mut plan, &current.approvers, &wanted.approvers);
    let eligibility = differences(&mut plan, &current.eligibility, &wanted.eligibility);
    let (before, after) = (current.settings.clone(), wanted.settings.clone());
    let settings = (before != after).then_some(Step::Settings { before, after });
    plan.steps.extend(guardrails.kept.into_iter().chain(settings));
    plan.steps.extend(eligibility.deleted.into_iter().chain(approvers.kept));
    plan.steps.extend(eligibility.kept.into_iter().chain(approvers.deleted).chain(guardrails.deleted));
    plan
}

/// What differs among the policies of one kind.
struct Differences {
    /// Created or changed.
    kept: Vec<Step>,
    deleted: Vec<Step>,
}

fn differences<P: Editable>(
    plan: &mut Plan,
    current: &[Versioned<P>],
    wanted: &[Versioned<P>],
) -> Differences {
    let among = |policies: &[Versioned<P>], id| {
        policies.iter().map(|versioned| &versioned.policy).find(|policy| policy.id() == id).cloned()
    };
    let mut kept = vec![];
    for versioned in wanted {
        let (before, after) = (among(current, versioned.policy.id()), Some(versioned.policy.clone()));
        if before == after {
            plan.unchanged += 1;
        } else {
            kept.push(Step::Policy { before: before.map(boxed), after: after.map(boxed) });
        }
    }
    let gone = current.iter().filter(|versioned| among(wanted, versioned.policy.id()).is_none());
    let delete = |policy: P| Step::Policy { before: Some(boxed(policy)), after: None };
    Differences { kept, deleted: gone.map(|versioned| delete(versioned.policy.clone())).collect() }
}

fn boxed<P: Editable>(policy: P) -> Box<AnyPolicy> {
    Box::new(policy.any())
}

/// A plan that was not carried out to its end. What was done is recorded; a new plan shows the rest.
#[derive(Debug, thiserror::Error)]
#[error("{done} of {all} changes were made")]
pub struct Interrupted {
    pub done: usize,
    pub all: usize,
    #[source]
    pub why: Error,
}

/// Carries a plan out, if nobody else has changed anything since it was made: all of it at once, so that there
/// is nothing between before and after. A plan that is too large for one append is carried out in several.
/// Then, unless the changed policies alone are too many, in between nobody may have what they may have neither
/// before nor after; only which of several eligibility policies decides, and so whether a ticket is asked
/// for, may be neither.
///
/// # Errors
/// [`Interrupted`], where the reason may be [`Error::StaleVersion`] with the version of the policy set now.
pub async fn apply(kari: &Kari, editor: &Editor, plan: &Plan) -> Result<(), Interrupted> {
    let (mut version, mut done) = (plan.version, 0);
    for steps in order::appends(&plan.steps) {
        let taken = take_steps(kari, editor, &steps, version).await;
        version = taken.map_err(|why| Interrupted { done, all: plan.steps.len(), why })?;
        done += steps.len();
    }
    Ok(())
}
