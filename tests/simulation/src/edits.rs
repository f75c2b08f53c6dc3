//! What administrators do: policies change, come and go, and so do settings.

use kari_application::edit_policies::{
    Editable, Editor, change_policy, change_settings, create_policy, delete_policy,
};
use kari_application::{Error, Kari};
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::policy::{ApproverPolicy, EligibilityPolicy, Guardrail, PolicySet};
use kari_domain::settings::Settings;
use kari_domain::time::Minutes;

use crate::dice::Dice;
use crate::organization;

/// An administrator edits something.
///
/// # Errors
/// As the use case.
pub(crate) async fn edit(kari: &Kari, mut dice: Dice) -> Result<(), Error> {
    let set = kari.policies.current().await?.policy_set().clone();
    match dice.below(9) {
        0..=1 => edit_one(kari, &set, &organization::possible_guardrails(), altered_guardrail, dice).await,
        2..=3 => edit_one(kari, &set, &organization::possible_approvers(), altered_approver, dice).await,
        4..=7 => edit_one(kari, &set, &organization::possible_eligibility(), altered_eligibility, dice).await,
        _ => edit_settings(kari, &set, dice).await,
    }
}

fn editor() -> Editor {
    Editor { actor: Actor::System { reason: SystemReason::Setup }, cause: Cause::Operator }
}

/// One policy that there may be is created if there is none, and changed or deleted otherwise. What is
/// missing is mostly brought back, so that the organization goes on working.
async fn edit_one<P: Editable>(
    kari: &Kari,
    set: &PolicySet,
    possible: &[P],
    alter: fn(&P, &mut Dice) -> P,
    mut dice: Dice,
) -> Result<(), Error> {
    let missing: Vec<&P> = possible.iter().filter(|policy| version_of(set, *policy).is_none()).collect();
    let policy = if !missing.is_empty() && dice.chance(500) {
        (*dice.pick(&missing)).clone()
    } else {
        dice.pick(possible).clone()
    };
    let editor = editor();
    match version_of(set, &policy) {
        None => create_policy(kari, &editor, policy).await.map(|_| ()),
        Some(version) if dice.chance(150) => delete_policy::<P>(kari, &editor, policy.id(), version).await,
        Some(version) => {
            let now = P::among(set).iter().find(|old| old.policy.id() == policy.id());
            let policy = now.map_or(policy, |old| alter(&old.policy, &mut dice));
            change_policy(kari, &editor, policy, version).await.map(|_| ())
        }
    }
}

fn version_of<P: Editable>(set: &PolicySet, policy: &P) -> Option<u64> {
    P::among(set).iter().find(|old| old.policy.id() == policy.id()).map(|old| old.version)
}

fn altered_guardrail(old: &Guardrail, _: &mut Dice) -> Guardrail {
    Guardrail { enabled: !old.enabled, ..old.clone() }
}

fn altered_approver(old: &ApproverPolicy, _: &mut Dice) -> ApproverPolicy {
    ApproverPolicy { enabled: !old.enabled, ..old.clone() }
}

fn altered_eligibility(old: &EligibilityPolicy, dice: &mut Dice) -> EligibilityPolicy {
    match dice.below(5) {
        0..=1 => {
            let max_duration_minutes = Minutes(*dice.pick(&[30, 60, 90, 120, 240]));
            EligibilityPolicy { max_duration_minutes, ..old.clone() }
        }
        2 => EligibilityPolicy { ticket_required: !old.ticket_required, ..old.clone() },
        _ => {
            let (approval_required, enabled) = (dice.chance(600), dice.chance(800));
            EligibilityPolicy { approval_required, enabled, ..old.clone() }
        }
    }
}

async fn edit_settings(kari: &Kari, set: &PolicySet, mut dice: Dice) -> Result<(), Error> {
    let settings = Settings {
        maximum_duration_minutes: Minutes(*dice.pick(&[60, 24 * 60, 24 * 60])),
        pending_lapses_after_minutes: Minutes(*dice.pick(&[45, 8 * 60])),
        justification_required: dice.chance(800),
        ticket_required: dice.chance(150),
        expiry_warning_minutes: Minutes(*dice.pick(&[5, 15])),
        ..set.settings.clone()
    };
    change_settings(kari, &editor(), settings, set.settings_version).await.map(|_| ())
}
