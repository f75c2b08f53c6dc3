//! What an administrator should know about a policy set that is well-formed: policies that have no
//! effect, requests that can only be refused, names of things that are gone.

use super::approver::ApproverPolicy;
use super::compile::CompiledPolicies;
use super::eligibility::EligibilityPolicy;
use super::finding::{Finding, Flaw};
use super::guardrail::{Effect, Guardrail};
use super::layout::{Grid, Layout};
use super::offers::reviewable;
use super::references::References;
use super::review::could_be_met_by_others;
use super::scope::Principals;
use super::set::{Policy, PolicyKind, PolicyRef, PolicySet, Versioned};
use super::verdict::AppliedRequirement;
use crate::directory::Snapshot;
use crate::time::Minutes;

/// Everything worth knowing about the policies, by kind and id.
pub fn lint(set: &PolicySet, snapshot: &Snapshot) -> Vec<Finding> {
    let policies = CompiledPolicies::new(set.clone());
    let room =
        Room { layout: Layout::of(snapshot), snapshot, longest: set.settings.maximum_duration_minutes };
    let gaps = gaps(&policies, &room.layout);
    let set = policies.policy_set();
    let eligibility = set.eligibility.iter().flat_map(|policy| eligibility(policy, &room, &gaps));
    let opened = opened(&policies, &room.layout);
    let guardrails = set.guardrails.iter().flat_map(|policy| guardrail(policy, &room, &gaps, &opened));
    let approvers = set.approvers.iter().flat_map(|policy| approver(policy, &room));
    eligibility.chain(guardrails).chain(approvers).collect()
}

/// What the policies are held against.
struct Room<'a> {
    layout: Layout<'a>,
    snapshot: &'a Snapshot,
    longest: Minutes,
}

fn eligibility(versioned: &Versioned<EligibilityPolicy>, room: &Room<'_>, gaps: &Grid) -> Vec<Finding> {
    let policy = &versioned.policy;
    let mut findings = Findings::about(versioned);
    if findings.disabled(policy.enabled) {
        return findings.list;
    }
    findings.vanished(policy, room.snapshot);
    findings.nobody(&policy.principals, room.snapshot);
    let accounts = room.layout.covered(&policy.targets);
    findings.no_account(accounts.is_empty());
    if policy.max_duration_minutes > room.longest {
        findings.add(Flaw::LongerThanSetting {
            own_minutes: policy.max_duration_minutes,
            setting_minutes: room.longest,
        });
    }
    if policy.approval_required {
        let mut cells = room.layout.grid();
        cells.mark(&accounts, &room.layout.columns(&policy.permission_sets));
        cells.combine(gaps, |cells, gaps| cells & gaps);
        findings.no_approver(&cells, &room.layout);
    }
    findings.list
}

fn guardrail(versioned: &Versioned<Guardrail>, room: &Room<'_>, gaps: &Grid, opened: &Grid) -> Vec<Finding> {
    let policy = &versioned.policy;
    let mut findings = Findings::about(versioned);
    if findings.disabled(policy.enabled) {
        return findings.list;
    }
    findings.vanished(policy, room.snapshot);
    findings.nobody(&policy.principals, room.snapshot);
    let accounts = room.layout.bound(&policy.targets);
    findings.no_account(accounts.is_empty());
    match policy.effect {
        Effect::RequireApproval => {
            let mut cells = room.layout.grid();
            cells.mark(&accounts, &room.layout.columns(&policy.permission_sets));
            cells.combine(gaps, |cells, gaps| cells & gaps);
            cells.combine(opened, |cells, opened| cells & opened);
            findings.no_approver(&cells, &room.layout);
        }
        Effect::Forbid | Effect::Cap { .. } => {}
    }
    findings.list
}

fn approver(versioned: &Versioned<ApproverPolicy>, room: &Room<'_>) -> Vec<Finding> {
    let policy = &versioned.policy;
    let mut findings = Findings::about(versioned);
    if findings.disabled(policy.enabled) {
        return findings.list;
    }
    findings.vanished(policy, room.snapshot);
    let reach = if policy.in_addition { Layout::bound } else { Layout::covered };
    findings.no_account(reach(&room.layout, &policy.targets).is_empty());
    let requirements: Vec<_> = AppliedRequirement::all_of(versioned).collect();
    if could_be_met_by_others(&requirements, room.snapshot).is_err() {
        findings.add(Flaw::QuorumCannotBeMet);
    }
    findings.list
}

/// Where approval could not be given: no approver policy, and not forbidden to everyone anyway.
fn gaps(policies: &CompiledPolicies, layout: &Layout<'_>) -> Grid {
    let mut gaps = layout.grid();
    gaps.combine(&reviewable(policies, layout), |_, reviewable| !reviewable);
    let forbids =
        |policy: &&Guardrail| policy.enabled && policy.principals.everyone && policy.effect == Effect::Forbid;
    for policy in policies.policy_set().guardrails.iter().map(|versioned| &versioned.policy).filter(forbids) {
        let mut forbidden = layout.grid();
        forbidden.mark(&layout.bound(&policy.targets), &layout.columns(&policy.permission_sets));
        gaps.combine(&forbidden, |gaps, forbidden| gaps & !forbidden);
    }
    gaps
}

/// What somebody is eligible for.
fn opened(policies: &CompiledPolicies, layout: &Layout<'_>) -> Grid {
    let mut grid = layout.grid();
    for policy in
        policies.policy_set().eligibility.iter().map(|versioned| &versioned.policy).filter(|p| p.enabled)
    {
        grid.mark(&layout.covered(&policy.targets), &layout.columns(&policy.permission_sets));
    }
    grid
}

/// The findings about one policy.
struct Findings {
    kind: PolicyKind,
    policy: PolicyRef,
    list: Vec<Finding>,
}

impl Findings {
    fn about<P: Policy>(versioned: &Versioned<P>) -> Self {
        Self { kind: P::KIND, policy: versioned.reference(), list: Vec::new() }
    }

    fn add(&mut self, flaw: Flaw) {
        self.list.push(Finding { flaw, kind: self.kind, policy: self.policy.clone() });
    }

    fn disabled(&mut self, enabled: bool) -> bool {
        if !enabled {
            self.add(Flaw::Disabled);
        }
        !enabled
    }

    fn vanished<P: References>(&mut self, policy: &P, snapshot: &Snapshot) {
        let vanished = policy.references().into_iter().filter(|reference| !reference.exists_in(snapshot));
        for reference in vanished {
            self.add(Flaw::VanishedReference { field: reference.field.to_owned(), id: reference.id() });
        }
    }

    fn nobody(&mut self, principals: &Principals, snapshot: &Snapshot) {
        if !anybody(principals, snapshot) {
            self.add(Flaw::NobodyCanUse);
        }
    }

    fn no_account(&mut self, none: bool) {
        if none {
            self.add(Flaw::ReachesNoAccount);
        }
    }

    fn no_approver(&mut self, cells: &Grid, layout: &Layout<'_>) {
        let first = cells.first_account().and_then(|at| layout.accounts().get(at));
        if let Some(account) = first {
            self.add(Flaw::NoApproverPolicy {
                pairs: cells.count(),
                account: account.id.clone(),
                account_name: account.name.clone(),
            });
        }
    }
}

fn anybody(principals: &Principals, snapshot: &Snapshot) -> bool {
    let enabled = |id| snapshot.users.get(id).is_some_and(|user| user.enabled);
    let members = principals.groups.iter().filter_map(|group| snapshot.members.get(group)).flatten();
    let everyone = snapshot.users.keys().filter(|_| principals.everyone);
    principals.users.iter().chain(members).chain(everyone).any(enabled)
}
