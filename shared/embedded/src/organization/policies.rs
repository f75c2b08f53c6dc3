//! The policy part of the file.

use std::collections::BTreeMap;

use kari_domain::ids::PolicyId;
use kari_domain::policy::{
    ApproverPolicy, Effect, EligibilityPolicy, Guardrail, PolicyProblem, PolicySet, Requirement, Versioned,
    check_approver, check_eligibility, check_guardrail,
};
use kari_domain::settings::Settings;
use kari_domain::text::{Note, PolicyName};
use kari_domain::time::{Minutes, SHORTEST_GRANT};
use toml::Spanned;

use super::draft::Draft;
use super::duration::Length;
use super::file::{self, File, Text};
use super::names::AllNames;
use super::scope::{TargetFields, people, permission_sets, principals, targets};
use super::{Fault, settings};

/// The version of everything that comes from a file.
const FIRST: u64 = 1;

/// `usual` are the settings as far as the file does not give them.
pub(super) fn build(draft: &mut Draft, names: &AllNames, file: &File, usual: &Settings) -> PolicySet {
    check_unique(draft, "eligibility policy", file.eligibility.iter().map(|policy| &policy.id));
    check_unique(draft, "approver policy", file.approver.iter().map(|policy| &policy.id));
    check_unique(draft, "guardrail", file.guardrail.iter().map(|policy| &policy.id));
    PolicySet {
        version: FIRST,
        eligibility: versioned(&file.eligibility, |raw| {
            checked(draft, &raw.id, |draft| eligibility(draft, names, raw), check_eligibility)
        }),
        guardrails: versioned(&file.guardrail, |raw| {
            checked(draft, &raw.id, |draft| guardrail(draft, names, raw), check_guardrail)
        }),
        approvers: versioned(&file.approver, |raw| {
            checked(draft, &raw.id, |draft| approver(draft, names, raw), check_approver)
        }),
        settings: settings::build(draft, file.settings.as_ref(), usual),
        settings_version: 0,
    }
}

fn versioned<F, P>(policies: &[F], read: impl FnMut(&F) -> Option<P>) -> Vec<Versioned<P>> {
    policies.iter().filter_map(read).map(|policy| Versioned { version: FIRST, policy }).collect()
}

/// What reads well must also be what the domain takes.
fn checked<P>(
    draft: &mut Draft,
    id: &Text,
    read: impl FnOnce(&mut Draft) -> Option<P>,
    check: fn(&P) -> Result<(), Vec<PolicyProblem>>,
) -> Option<P> {
    let mistakes_before = draft.count();
    let policy = read(draft)?;
    if let (true, Err(problems)) = (draft.count() == mistakes_before, check(&policy)) {
        for problem in problems {
            let (id_text, problem) = (id.get_ref().clone(), problem.to_string());
            draft.report(id.span(), Fault::Policy { id: id_text, problem });
        }
    }
    Some(policy)
}

fn check_unique<'a>(draft: &mut Draft, kind: &'static str, ids: impl Iterator<Item = &'a Text>) {
    let mut lines = BTreeMap::new();
    for id in ids {
        let line = draft.line(&id.span());
        if let Some(first_line) = lines.insert(id.get_ref().clone(), line) {
            draft.report(id.span(), Fault::Duplicate { kind, name: id.get_ref().clone(), first_line });
        }
    }
}

fn identity(draft: &mut Draft, id: &Text, name: &Text) -> Option<(PolicyId, PolicyName)> {
    let id = draft.accept(id, PolicyId::parse(id.get_ref().clone()));
    let name = draft.accept(name, PolicyName::parse(name.get_ref()));
    id.zip(name)
}

fn incomplete(draft: &mut Draft, what: &'static str, id: &Text, problem: &'static str) {
    draft.report(id.span(), Fault::Incomplete { what, name: id.get_ref().clone(), problem });
}

fn grant_length(draft: &mut Draft, length: &Spanned<Length>, id: &Text) -> Minutes {
    let minutes = length.get_ref().0;
    if minutes < SHORTEST_GRANT {
        let expected = format!("`{}` must allow at least {} minutes", id.get_ref(), SHORTEST_GRANT.0);
        draft.report(length.span(), Fault::Malformed { value: format!("{} minutes", minutes.0), expected });
    }
    minutes
}

fn eligibility(draft: &mut Draft, names: &AllNames, raw: &file::Eligibility) -> Option<EligibilityPolicy> {
    const WHAT: &str = "eligibility policy";
    let fields = TargetFields {
        all: raw.all_accounts,
        accounts: &raw.accounts,
        units: &raw.units,
        except_accounts: &raw.except_accounts,
        except_units: &raw.except_units,
    };
    if !raw.everyone && raw.users.is_empty() && raw.groups.is_empty() {
        incomplete(draft, WHAT, &raw.id, "is for nobody; give users, groups or everyone = true");
    }
    check_targets(draft, WHAT, &raw.id, fields);
    if raw.all_permission_sets != raw.permission_sets.is_empty() {
        let problem = "needs either permission_sets or all_permission_sets = true";
        incomplete(draft, WHAT, &raw.id, problem);
    }
    let note = raw.note.as_ref().and_then(|note| draft.accept(note, Note::parse(note.get_ref())));
    let max_duration_minutes = grant_length(draft, &raw.max_duration, &raw.id);
    let principals = principals(draft, names, raw.everyone, &raw.users, &raw.groups);
    let targets = targets(draft, names, fields);
    let permission_sets = permission_sets(draft, names, raw.all_permission_sets, &raw.permission_sets);
    let (id, name) = identity(draft, &raw.id, &raw.name)?;
    Some(EligibilityPolicy {
        id,
        name,
        enabled: raw.enabled,
        principals,
        targets,
        permission_sets,
        max_duration_minutes,
        approval_required: raw.approval_required,
        ticket_required: raw.ticket_required,
        note,
    })
}

fn check_targets(draft: &mut Draft, what: &'static str, id: &Text, fields: TargetFields<'_>) {
    if !fields.all && fields.accounts.is_empty() && fields.units.is_empty() {
        incomplete(draft, what, id, "is for no account; give accounts, units or all_accounts = true");
    }
}

fn approver(draft: &mut Draft, names: &AllNames, raw: &file::Approver) -> Option<ApproverPolicy> {
    const WHAT: &str = "approver policy";
    let fields = TargetFields {
        all: raw.all_accounts,
        accounts: &raw.accounts,
        units: &raw.units,
        except_accounts: &raw.except_accounts,
        except_units: &raw.except_units,
    };
    check_targets(draft, WHAT, &raw.id, fields);
    if raw.requirements.is_empty() {
        incomplete(draft, WHAT, &raw.id, "asks nobody; give it at least one requirement");
    }
    let requirements = raw.requirements.iter().map(|each| requirement(draft, names, &raw.id, each)).collect();
    let targets = targets(draft, names, fields);
    let permission_sets = permission_sets(draft, names, raw.permission_sets.is_empty(), &raw.permission_sets);
    let notify = people(draft, names, &raw.notify.users, &raw.notify.groups);
    let (id, name) = identity(draft, &raw.id, &raw.name)?;
    Some(ApproverPolicy {
        id,
        name,
        enabled: raw.enabled,
        targets,
        permission_sets,
        requirements,
        notify,
        in_addition: raw.in_addition,
        slack_channel: raw.slack_channel.clone(),
        portal_only: raw.portal_only,
    })
}

fn requirement(draft: &mut Draft, names: &AllNames, id: &Text, raw: &file::Requirement) -> Requirement {
    const WHAT: &str = "approver policy";
    if raw.users.is_empty() && raw.groups.is_empty() {
        incomplete(draft, WHAT, id, "has a requirement without users or groups");
    }
    if raw.quorum == 0 {
        incomplete(draft, WHAT, id, "has a requirement whose quorum is 0; it must be at least 1");
    }
    Requirement { reviewers: people(draft, names, &raw.users, &raw.groups), quorum: raw.quorum }
}

fn guardrail(draft: &mut Draft, names: &AllNames, raw: &file::Guardrail) -> Option<Guardrail> {
    let fields = TargetFields {
        all: raw.accounts.is_empty() && raw.units.is_empty(),
        accounts: &raw.accounts,
        units: &raw.units,
        except_accounts: &raw.except_accounts,
        except_units: &raw.except_units,
    };
    let everyone = raw.users.is_empty() && raw.groups.is_empty();
    let principals = principals(draft, names, everyone, &raw.users, &raw.groups);
    let targets = targets(draft, names, fields);
    let permission_sets = permission_sets(draft, names, raw.permission_sets.is_empty(), &raw.permission_sets);
    let effect = effect(draft, raw);
    let (id, name) = identity(draft, &raw.id, &raw.name)?;
    Some(Guardrail { id, name, enabled: raw.enabled, principals, targets, permission_sets, effect: effect? })
}

fn effect(draft: &mut Draft, raw: &file::Guardrail) -> Option<Effect> {
    const WHAT: &str = "guardrail";
    match (raw.effect, &raw.cap) {
        (file::Effect::Cap, Some(cap)) => Some(Effect::Cap { minutes: grant_length(draft, cap, &raw.id) }),
        (file::Effect::Cap, None) => {
            incomplete(draft, WHAT, &raw.id, "caps nothing; give cap, for instance cap = \"2h\"");
            None
        }
        (file::Effect::Forbid | file::Effect::RequireApproval, Some(_)) => {
            incomplete(draft, WHAT, &raw.id, "has a cap, which goes only with effect = \"cap\"");
            None
        }
        (file::Effect::Forbid, None) => Some(Effect::Forbid),
        (file::Effect::RequireApproval, None) => Some(Effect::RequireApproval),
    }
}
