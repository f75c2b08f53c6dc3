//! Policies that are kept in a file.

use kari_application::Error;
use kari_application::apply_policies::{Step, apply, plan};
use kari_application::edit_policies::{AnyPolicy, Editor, delete_policy};
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::policy::{ApproverPolicy, PolicySet};
use kari_domain::time::Minutes;

use crate::town::Town;

fn editor() -> Editor {
    Editor { actor: Actor::System { reason: SystemReason::Operator }, cause: Cause::Operator }
}

fn set(town: &Town) -> PolicySet {
    town.run(town.kari.policies.current()).unwrap().policy_set().clone()
}

/// Every kind of change.
fn wanted(town: &Town) -> PolicySet {
    let mut wanted = set(town);
    wanted.eligibility[0].policy.max_duration_minutes = Minutes(30);
    wanted.eligibility[1].policy.id = "other".parse().unwrap();
    wanted.approvers.remove(0);
    wanted.settings.expiry_warning_minutes = Minutes(20);
    wanted
}

fn brief(step: &Step) -> String {
    let id = |policy: &AnyPolicy| match policy {
        AnyPolicy::Eligibility(policy) => format!("eligibility {}", policy.id),
        AnyPolicy::Guardrail(policy) => format!("guardrail {}", policy.id),
        AnyPolicy::Approver(policy) => format!("approver {}", policy.id),
    };
    match step {
        Step::Policy { before: None, after: Some(policy) } => format!("+{}", id(policy)),
        Step::Policy { before: Some(policy), after: None } => format!("-{}", id(policy)),
        Step::Policy { before: Some(_), after: Some(policy) } => format!("~{}", id(policy)),
        Step::Policy { before: None, after: None } => "nothing".to_owned(),
        Step::Settings { .. } => "settings".to_owned(),
    }
}

#[test]
fn a_plan_has_every_difference_once_and_carried_out_leaves_none() {
    let town = Town::new();
    let wanted = wanted(&town);
    let planned = plan(&set(&town), &wanted);
    let steps: Vec<_> = planned.steps.iter().map(brief).collect();
    assert_eq!(
        steps,
        ["settings", "-eligibility sandbox", "~eligibility north", "+eligibility other", "-approver north"]
    );
    assert_eq!((planned.version, planned.unchanged), (set(&town).version, 2));
    town.run(apply(&town.kari, &editor(), &planned)).unwrap();
    let now = set(&town);
    assert_eq!(now.version, planned.version + 5);
    assert!(plan(&now, &wanted).steps.is_empty());
    // The same again changes nothing, and says so.
    town.run(apply(&town.kari, &editor(), &plan(&now, &wanted))).unwrap();
    assert_eq!(set(&town).version, now.version);
}

#[test]
fn a_plan_that_somebody_overtook_is_not_carried_out() {
    let town = Town::new();
    let planned = plan(&set(&town), &wanted(&town));
    let south = set(&town).approvers[1].clone();
    let editor = editor();
    let deleted = delete_policy::<ApproverPolicy>(&town.kari, &editor, &south.policy.id, south.version);
    town.run(deleted).unwrap();
    let before = set(&town);
    let interrupted = town.run(apply(&town.kari, &editor, &planned)).unwrap_err();
    assert_eq!((interrupted.done, interrupted.all), (0, 5));
    assert!(matches!(interrupted.why, Error::StaleVersion { current } if current == before.version));
    assert_eq!(set(&town), before);
}
