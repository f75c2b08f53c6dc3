//! Everything a person may ask for. Which permission sets on which accounts is worked out for the
//! whole organization at once; for how long and how, only where it is looked at.

use serde::{Deserialize, Serialize};

use super::analysis::Analysis;
use super::compile::CompiledPolicies;
use super::guardrail::Effect;
use super::layout::{Grid, Layout};
use super::set::{PolicyRef, Versioned};
use crate::directory::{Account, PermissionSet, Snapshot, Subject};
use crate::ids::{AccountId, PermissionSetArn};
use crate::text::Note;
use crate::time::{Minutes, SHORTEST_GRANT};

/// On which terms a person may ask for one permission set on one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The longest that may be asked for at all, after guardrails and the setting.
    pub max_duration_minutes: Minutes,
    /// The longest that may be had without approval, if any.
    pub longest_without_approval_minutes: Option<Minutes>,
    /// The notes of the deciding policies, without repetition.
    pub notes: Vec<Note>,
    /// From the shortest to the longest durations; never empty.
    pub terms: Vec<Term>,
}

impl Offer {
    /// Whether this long needs a ticket. Nothing is needed for what may not be asked for.
    pub fn needs_ticket(&self, duration: Minutes) -> bool {
        self.terms.iter().find(|term| duration <= term.up_to_minutes).is_some_and(|term| term.ticket_required)
    }
}

/// What holds for durations longer than the term before, up to and including `up_to_minutes`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    pub up_to_minutes: Minutes,
    pub approval_required: bool,
    pub ticket_required: bool,
    /// The deciding policy.
    pub eligibility: PolicyRef,
}

/// All that a person may ask for in a snapshot.
#[derive(Debug)]
pub struct Offers<'a> {
    policies: &'a CompiledPolicies,
    subject: &'a Subject,
    layout: Layout<'a>,
    offered: Grid,
}

/// Everything a person may ask for, by the accounts and permission sets of the read model.
pub fn offers<'a>(
    policies: &'a CompiledPolicies,
    subject: &'a Subject,
    snapshot: &'a Snapshot,
) -> Offers<'a> {
    let layout = Layout::of(snapshot);
    let settings = &policies.policy_set().settings;
    let long_enough = settings.maximum_duration_minutes >= SHORTEST_GRANT;
    let possible = settings.requests_accepted && subject.enabled && long_enough;
    let offered = if possible { offered(policies, subject, &layout) } else { layout.grid() };
    Offers { policies, subject, layout, offered }
}

impl<'a> Offers<'a> {
    /// The accounts on which anything may be asked for, with the permission sets by ARN. Accounts
    /// that lie together come together.
    pub fn iter(&self) -> impl Iterator<Item = (&'a Account, Vec<&'a PermissionSet>)> + '_ {
        let row =
            |(at, account): (usize, &&'a Account)| (*account, self.layout.row(&self.offered, at).collect());
        self.layout.accounts().iter().enumerate().map(row).filter(|(_, sets): &(_, Vec<_>)| !sets.is_empty())
    }

    /// The permission sets that may be asked for on an account, by ARN.
    pub fn permission_sets(&self, account: &AccountId) -> Vec<&'a PermissionSet> {
        let position = self.layout.position(account);
        position.map_or_else(Vec::new, |at| self.layout.row(&self.offered, at).collect())
    }

    /// On which terms a permission set may be asked for on an account, if at all.
    pub fn offer(&self, account: &AccountId, permission_set: &PermissionSetArn) -> Option<Offer> {
        let account = self.layout.accounts().get(self.layout.position(account)?)?;
        offer(self.policies, self.subject, account, self.layout.permission_set(permission_set)?)
    }

    /// How many pairs of an account and a permission set may be asked for.
    pub fn count(&self) -> usize {
        self.offered.count()
    }
}

/// On which terms a person may ask for a permission set on an account, if at all. For every
/// duration it agrees with [`evaluate`](super::evaluate()).
pub fn offer(
    policies: &CompiledPolicies,
    subject: &Subject,
    account: &Account,
    permission_set: &PermissionSet,
) -> Option<Offer> {
    let analysis = Analysis::of(policies, subject, account, permission_set);
    let able = policies.policy_set().settings.requests_accepted && subject.enabled;
    let possible = able && account.can_be_given() && analysis.forbids.is_empty();
    let terms = if possible { terms(&analysis) } else { Vec::new() };
    let free = terms.iter().take_while(|term| !term.approval_required);
    Some(Offer {
        max_duration_minutes: terms.last()?.up_to_minutes,
        longest_without_approval_minutes: free.last().map(|term| term.up_to_minutes),
        notes: notes(&analysis, &terms),
        terms,
    })
}

/// Who decides changes only where a policy's maximum is passed, and towards longer durations only
/// from *without approval* to *with*.
fn terms(analysis: &Analysis<'_>) -> Vec<Term> {
    let ceiling = analysis.ceiling();
    let mut steps: Vec<_> =
        analysis.eligibility.iter().map(|p| p.policy.max_duration_minutes.min(ceiling)).collect();
    steps.retain(|step| *step >= SHORTEST_GRANT);
    steps.sort_unstable();
    steps.dedup();
    let mut terms: Vec<Term> = Vec::new();
    for up_to_minutes in steps {
        let Some(term) = term(analysis, up_to_minutes) else { break };
        // Where the next step changes nothing, it extends the term before.
        let same = |last: &mut Term| last.eligibility == term.eligibility;
        terms.pop_if(same);
        terms.push(term);
    }
    terms
}

fn term(analysis: &Analysis<'_>, up_to_minutes: Minutes) -> Option<Term> {
    let deciding = analysis.deciding(up_to_minutes)?;
    let approval_required = analysis.needs_approval(&deciding.policy);
    if approval_required && !analysis.is_reviewable() {
        return None;
    }
    Some(Term {
        up_to_minutes,
        approval_required,
        ticket_required: analysis.needs_ticket(&deciding.policy),
        eligibility: deciding.reference(),
    })
}

fn notes(analysis: &Analysis<'_>, terms: &[Term]) -> Vec<Note> {
    let deciding = |term: &Term| {
        let policy = analysis.eligibility.iter().find(|p| p.policy.id == term.eligibility.id);
        policy.and_then(|versioned| versioned.policy.note.clone())
    };
    let mut notes: Vec<Note> = Vec::new();
    for note in terms.iter().filter_map(deciding) {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// What may be asked for at the shortest duration, which every policy that allows anything allows.
fn offered(policies: &CompiledPolicies, subject: &Subject, layout: &Layout<'_>) -> Grid {
    let [mut free, mut reviewed, mut forced, mut forbidden] = [(); 4].map(|()| layout.grid());
    let usable = |p: &&Versioned<super::EligibilityPolicy>| p.policy.max_duration_minutes >= SHORTEST_GRANT;
    for Versioned { policy, .. } in policies.eligibility_of(subject).filter(usable) {
        let grid = if policy.approval_required { &mut reviewed } else { &mut free };
        grid.mark(&layout.covered(&policy.targets), &layout.columns(&policy.permission_sets));
    }
    for Versioned { policy, .. } in policies.guardrails_of(subject) {
        let grid = match policy.effect {
            Effect::Forbid => &mut forbidden,
            Effect::RequireApproval => &mut forced,
            Effect::Cap { minutes } if minutes < SHORTEST_GRANT => &mut forbidden,
            Effect::Cap { .. } => continue,
        };
        grid.mark(&layout.bound(&policy.targets), &layout.columns(&policy.permission_sets));
    }
    // What is forced to be reviewed is no longer free; what needs review must be reviewable.
    reviewed.combine(&free, |reviewed, free| reviewed | free);
    free.combine(&forced, |free, forced| free & !forced);
    reviewed.combine(&reviewable(policies, layout), |reviewed, reviewable| reviewed & reviewable);
    free.combine(&reviewed, |free, reviewed| free | reviewed);
    free.combine(&forbidden, |offered, forbidden| offered & !forbidden);
    free
}

/// Where an approver policy says who reviews.
pub(super) fn reviewable(policies: &CompiledPolicies, layout: &Layout<'_>) -> Grid {
    let mut grid = layout.grid();
    for Versioned { policy, .. } in policies.ordinary_approvers() {
        grid.mark(&layout.covered(&policy.targets), &layout.columns(&policy.permission_sets));
    }
    grid
}
