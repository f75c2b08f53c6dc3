//! Policies that are kept in a file.

use std::collections::BTreeSet;

use kari_application::Error;
use kari_application::apply_policies::{Step, apply, plan};
use kari_application::check_records::check_policies;
use kari_application::edit_policies::{AnyPolicy, Editor, delete_policy};
use kari_application::policy_storage::{PREFIX, StoredPolicyItem};
use kari_application::ports::{Item, PageRequest};
use kari_domain::audit::{Actor, Cause, Envelope, StreamId, SystemReason};
use kari_domain::policy::{
    ApproverPolicy, Effect, Guardrail, PermissionSets, PolicySet, Principals, Targets, Versioned,
};
use kari_domain::text::PolicyName;
use kari_domain::time::Minutes;

use crate::town::{Town, user};

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

/// What else is to be forbidden, somewhere and to somebody.
fn with_guardrails(mut set: PolicySet, count: usize) -> PolicySet {
    set.guardrails.extend((0..count).map(|number| {
        let id = format!("g{number:03}");
        let policy = Guardrail {
            id: id.parse().unwrap(),
            name: PolicyName::parse(&id).unwrap(),
            enabled: true,
            principals: Principals { users: [user("ann")].into(), ..Principals::default() },
            targets: Targets::all(),
            permission_sets: PermissionSets::All,
            effect: Effect::Forbid,
        };
        Versioned { version: 0, policy }
    }));
    set
}

fn recorded(town: &Town) -> Vec<String> {
    town.run(town.kari.store.stream(&StreamId::policies())).unwrap()
}

/// How many appends recorded what came after this version.
fn appends_since(town: &Town, version: u64) -> usize {
    let events = recorded(town).into_iter().map(|bytes| serde_json::from_str::<Envelope>(&bytes).unwrap());
    let since: BTreeSet<_> = events.filter(|event| event.sequence > version).map(|e| e.append.0).collect();
    since.len()
}

/// What is in force is what was recorded, each policy and the settings with the version of their own event.
fn assert_as_recorded(town: &Town) {
    let page = PageRequest { limit: 500, after: None };
    let stored = town.run(town.kari.store.items(PREFIX, &page)).unwrap().items.into_iter();
    let stored: Vec<_> = stored
        .map(|Item { key, head, body, .. }| StoredPolicyItem { key: key.0, version: head.version, body })
        .collect();
    assert_eq!(check_policies(&recorded(town), &stored), []);
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
    assert_eq!(appends_since(&town, planned.version), 1, "nobody sees a part of it");
    assert_as_recorded(&town);
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

#[test]
fn a_plan_that_is_too_large_for_one_append_is_carried_out_in_several() {
    let town = Town::new();
    let wanted = with_guardrails(wanted(&town), 120);
    let planned = plan(&set(&town), &wanted);
    town.run(apply(&town.kari, &editor(), &planned)).unwrap();
    let now = set(&town);
    assert_eq!((now.version, now.guardrails.len()), (planned.version + 125, 120));
    assert!(plan(&now, &wanted).steps.is_empty());
    assert_eq!(appends_since(&town, planned.version), 3);
    assert_as_recorded(&town);
}

#[test]
fn what_was_carried_out_of_a_large_plan_is_told_and_a_new_plan_has_the_rest() {
    let town = Town::new();
    let mut wanted = with_guardrails(set(&town), 50);
    wanted.guardrails[49].policy.principals.users = [user("nobody")].into();
    let planned = plan(&set(&town), &wanted);
    let interrupted = town.run(apply(&town.kari, &editor(), &planned)).unwrap_err();
    assert_eq!((interrupted.done, interrupted.all), (49, 50));
    assert!(matches!(interrupted.why, Error::BadPolicy(_)), "{:?}", interrupted.why);
    wanted.guardrails[49].policy.principals.users = [user("ben")].into();
    let rest = plan(&set(&town), &wanted);
    assert_eq!(rest.steps.len(), 1);
    town.run(apply(&town.kari, &editor(), &rest)).unwrap();
    assert!(plan(&set(&town), &wanted).steps.is_empty());
    assert_as_recorded(&town);
}

#[test]
fn one_mistake_in_a_plan_that_fits_one_append_and_nothing_of_it_is_carried_out() {
    let town = Town::new();
    let before = set(&town);
    let mut wanted = with_guardrails(wanted(&town), 2);
    wanted.guardrails[1].policy.principals.users = [user("nobody")].into();
    let interrupted = town.run(apply(&town.kari, &editor(), &plan(&before, &wanted))).unwrap_err();
    assert_eq!((interrupted.done, interrupted.all), (0, 7));
    assert_eq!(set(&town), before);
}
