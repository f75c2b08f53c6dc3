//! How many policies there may be.

use std::sync::Arc;

use async_trait::async_trait;
use kari_application::edit_policies::{Editable, Editor, change_policy, create_policy};
use kari_application::ports::{Policies, Unavailable};
use kari_application::try_out::{Change, try_out};
use kari_application::{Error, Kari};
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::ids::Target;
use kari_domain::policy::{
    CompiledPolicies, Effect, Guardrail, MOST_POLICIES, PermissionSets, PolicyProblem, PolicySet, Principals,
    Targets, Versioned,
};
use kari_domain::settings::Settings;

use crate::town::{Town, account, set};

struct Fixed(Arc<CompiledPolicies>);

#[async_trait]
impl Policies for Fixed {
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        Ok(Arc::clone(&self.0))
    }

    async fn settings(&self) -> Result<Settings, Unavailable> {
        Ok(self.0.policy_set().settings.clone())
    }
}

fn guardrail(number: usize) -> Guardrail {
    let id = format!("g{number}");
    Guardrail {
        id: id.parse().unwrap(),
        name: kari_domain::text::PolicyName::parse(&id).unwrap(),
        enabled: false,
        principals: Principals::everyone(),
        targets: Targets::all(),
        permission_sets: PermissionSets::All,
        effect: Effect::Forbid,
    }
}

/// A town with so many guardrails.
fn with_guardrails(town: &Town, count: usize) -> Kari {
    let known = town.run(town.kari.policies.current()).unwrap();
    let policies = (0..count).map(guardrail).map(|policy| Versioned { version: 1, policy });
    let set = PolicySet { guardrails: policies.collect(), ..known.policy_set().clone() };
    Kari { policies: Arc::new(Fixed(Arc::new(CompiledPolicies::new(set)))), ..town.kari.clone() }
}

#[test]
fn one_more_policy_than_there_may_be_is_refused_when_saved_and_when_tried_out() {
    let town = Town::new();
    let editor = Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator };
    let target = Target { account: account("north", 0), permission_set: set(0) };
    let refused = |error: &Error| {
        matches!(error, Error::BadPolicy(problems)
            if *problems == [PolicyProblem::TooManyPolicies { most: MOST_POLICIES }])
    };

    let full = with_guardrails(&town, MOST_POLICIES);
    let answer = town.run(create_policy(&full, &editor, guardrail(MOST_POLICIES)));
    assert!(answer.as_ref().is_err_and(refused), "{answer:?}");
    let change = Change::Put(Box::new(guardrail(MOST_POLICIES).any()));
    let answer = town.run(try_out(&full, &target, Some(change)));
    assert!(answer.as_ref().is_err_and(refused), "{answer:?}");
    // What is there is changed all the same.
    let enabled = Guardrail { enabled: true, ..guardrail(7) };
    assert!(town.run(change_policy(&full, &editor, enabled, 1)).is_ok());

    let town = Town::new();
    let almost = with_guardrails(&town, MOST_POLICIES - 1);
    assert!(town.run(create_policy(&almost, &editor, guardrail(MOST_POLICIES))).is_ok());
}
