//! Trying out a change of the policies before it is made: who could ask for one permission set on
//! one account, and who would approve, as things are and as they would be then.
//!
//! Evaluated as decisions are, by the read model; nothing is recorded.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kari_domain::directory::{Account, PermissionSet, Snapshot, Subject, User};
use kari_domain::ids::{PolicyId, Target, UserId};
use kari_domain::policy::{
    AppliedRequirement, CompiledPolicies, Offer, Policy, PolicyKind, PolicySet, Question, Reason, Versioned,
    check_count, check_references, could_be_met, enabled_people, evaluate, offer, requirements_for,
};
use kari_domain::request::Refusal;
use kari_domain::time::{Minutes, SHORTEST_GRANT};

use crate::edit_policies::{AnyPolicy, Editable};
use crate::facts::with_reviewers;
use crate::{Error, Kari};

/// The most people one trial lists; it counts them all.
pub const MOST_LISTED: usize = 200;

/// A change that is only thought of.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Adds a policy, or puts it in the place of the one with its id.
    Put(Box<AnyPolicy>),
    Delete(PolicyKind, PolicyId),
}

/// What a person could ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The longest at all.
    pub longest: Minutes,
    /// The longest without approval, if any.
    pub longest_without_approval: Option<Minutes>,
    /// Whether any duration needs a ticket.
    pub ticket_required: bool,
}

/// What the change would be for somebody. Ordered by how much an administrator should know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// They could ask, and cannot now.
    Gains,
    /// They can ask now, and could not.
    Loses,
    /// They can and could ask, on other terms.
    Changes,
    /// They can and could ask as before.
    Keeps,
    /// An eligibility policy would name them, but something else stands against it, now as well.
    Refused,
}

/// One person, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    pub user: UserId,
    pub difference: Difference,
    pub before: Option<Reach>,
    pub after: Option<Reach>,
    /// What would stand against asking afterwards, or against asking for longer.
    pub reasons: Vec<Reason>,
}

/// Whom a requirement asks, by the read model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewers {
    pub requirement: AppliedRequirement,
    /// The enabled people it names. Nobody reviews their own request, so each is one fewer for
    /// themselves.
    pub people: BTreeSet<UserId>,
}

/// What would come of a change.
#[derive(Debug, Clone)]
pub struct Trial {
    /// Whoever is concerned: by difference, then by name; at most [`MOST_LISTED`].
    pub people: Vec<Tried>,
    /// How many people each difference concerns.
    pub counts: BTreeMap<Difference, usize>,
    /// Who must approve where approval is needed; all of them.
    pub reviewers_before: Vec<Reviewers>,
    pub reviewers_after: Vec<Reviewers>,
    pub snapshot: Arc<Snapshot>,
}

/// Tries a change out on a target. Without a change it tells how things are.
///
/// # Errors
/// [`Error::BadPolicy`] with every problem, as saving would; [`Error::NotFound`] for the deletion of
/// what does not exist; [`Error::Refused`] for a target that nobody knows.
pub async fn try_out(kari: &Kari, target: &Target, change: Option<Change>) -> Result<Trial, Error> {
    let policies = kari.policies.current().await?;
    let snapshot = kari.read_model.load().await?;
    let account = snapshot.accounts.get(&target.account).ok_or(Refusal::UnknownAccount)?;
    let permission_set =
        snapshot.permission_sets.get(&target.permission_set).ok_or(Refusal::UnknownPermissionSet)?;
    let changed = change.map(|change| changed(policies.policy_set(), change, &snapshot)).transpose()?;
    let changed = changed.map(CompiledPolicies::new);
    let mut before = Side::new(&policies, account, permission_set, &snapshot);
    let mut after = Side::new(changed.as_ref().unwrap_or(&policies), account, permission_set, &snapshot);
    let mut people = compare(&mut before, &mut after);
    let mut counts = BTreeMap::new();
    for (_, tried) in &people {
        *counts.entry(tried.difference).or_default() += 1;
    }
    people.sort_by(by_difference_and_name);
    let people = people.into_iter().take(MOST_LISTED).map(|(_, tried)| tried).collect();
    let (reviewers_before, reviewers_after) = (before.reviewers, after.reviewers);
    Ok(Trial { people, counts, reviewers_before, reviewers_after, snapshot: Arc::clone(&snapshot) })
}

/// The policy set as the change would leave it.
fn changed(set: &PolicySet, change: Change, snapshot: &Snapshot) -> Result<PolicySet, Error> {
    let mut set = PolicySet { version: set.version + 1, ..set.clone() };
    let version = set.version;
    match change {
        Change::Put(policy) => match *policy {
            AnyPolicy::Eligibility(policy) => put(&mut set.eligibility, policy, version, snapshot)?,
            AnyPolicy::Guardrail(policy) => put(&mut set.guardrails, policy, version, snapshot)?,
            AnyPolicy::Approver(policy) => put(&mut set.approvers, policy, version, snapshot)?,
        },
        Change::Delete(PolicyKind::Eligibility, id) => delete(&mut set.eligibility, &id)?,
        Change::Delete(PolicyKind::Guardrail, id) => delete(&mut set.guardrails, &id)?,
        Change::Delete(PolicyKind::Approver, id) => delete(&mut set.approvers, &id)?,
    }
    Ok(set)
}

fn put<P: Editable>(
    policies: &mut Vec<Versioned<P>>,
    policy: P,
    version: u64,
    snapshot: &Snapshot,
) -> Result<(), Error> {
    policy.check().and_then(|()| check_references(&policy, snapshot)).map_err(Error::BadPolicy)?;
    policies.retain(|other| other.policy.id() != policy.id());
    policies.push(Versioned { version, policy });
    check_count(policies.len()).map_err(Error::BadPolicy)
}

fn delete<P: Policy>(policies: &mut Vec<Versioned<P>>, id: &PolicyId) -> Result<(), Error> {
    let place = policies.iter().position(|other| other.policy.id() == id).ok_or(Error::NotFound)?;
    policies.remove(place);
    Ok(())
}

/// What one policy set says about the target.
struct Side<'a> {
    policies: &'a CompiledPolicies,
    account: &'a Account,
    permission_set: &'a PermissionSet,
    snapshot: &'a Snapshot,
    requirements: Vec<AppliedRequirement>,
    reviewers: Vec<Reviewers>,
    /// Whether the requirements could be met for somebody, by which of them name that person: all
    /// those whom the same requirements name are alike.
    could_be_met: BTreeMap<Vec<bool>, bool>,
}

/// What one side says about one person.
struct Standing {
    reach: Option<Reach>,
    reasons: Vec<Reason>,
}

impl<'a> Side<'a> {
    fn new(
        policies: &'a CompiledPolicies,
        account: &'a Account,
        permission_set: &'a PermissionSet,
        snapshot: &'a Snapshot,
    ) -> Self {
        let requirements = requirements_for(policies, account, permission_set);
        let asked = |requirement: &AppliedRequirement| Reviewers {
            people: enabled_people(&requirement.reviewers, snapshot),
            requirement: requirement.clone(),
        };
        let reviewers = requirements.iter().map(asked).collect();
        let could_be_met = BTreeMap::new();
        Self { policies, account, permission_set, snapshot, requirements, reviewers, could_be_met }
    }

    fn standing(&mut self, subject: &Subject) -> Standing {
        let offer = offer(self.policies, subject, self.account, self.permission_set);
        let reviewable = self.could_be_met(&subject.id);
        let longest_thought_of = offer.as_ref().map_or(SHORTEST_GRANT, |offer| offer.max_duration_minutes);
        let reach = offer.and_then(|offer| reach(&offer, reviewable));
        let reasons = match &reach {
            Some(reach) if reach.longest == longest_thought_of => vec![],
            Some(_) | None => self.reasons(subject, longest_thought_of),
        };
        Standing { reach, reasons }
    }

    fn could_be_met(&mut self, requester: &UserId) -> bool {
        let naming = self.reviewers.iter().map(|asked| asked.people.contains(requester)).collect();
        let (requirements, snapshot) = (&self.requirements, self.snapshot);
        let met = || could_be_met(requirements, requester, snapshot).is_ok();
        *self.could_be_met.entry(naming).or_insert_with(met)
    }

    /// Why the person could not ask for so long, even with a ticket.
    fn reasons(&self, requester: &Subject, duration: Minutes) -> Vec<Reason> {
        let (account, permission_set) = (self.account, self.permission_set);
        let question = Question { requester, account, permission_set, duration, has_ticket: true };
        let verdict = with_reviewers(evaluate(self.policies, &question), &requester.id, self.snapshot);
        verdict.reasons().to_vec()
    }
}

/// What is left of an offer where nobody could approve.
fn reach(offer: &Offer, reviewable: bool) -> Option<Reach> {
    let terms = || offer.terms.iter().take_while(|term| reviewable || !term.approval_required);
    Some(Reach {
        longest: terms().last()?.up_to_minutes,
        longest_without_approval: offer.longest_without_approval_minutes,
        ticket_required: terms().any(|term| term.ticket_required),
    })
}

/// Everybody whom the target concerns, on either side.
fn compare<'a>(before: &mut Side<'a>, after: &mut Side<'a>) -> Vec<(&'a User, Tried)> {
    let snapshot = before.snapshot;
    let enabled = snapshot.users.values().filter(|user| user.enabled);
    let concerned = enabled.filter_map(|user| {
        let subject = snapshot.subject(&user.id)?;
        let tried = tried(user, before.standing(&subject), after.standing(&subject))?;
        Some((user, tried))
    });
    concerned.collect()
}

fn tried(user: &User, before: Standing, after: Standing) -> Option<Tried> {
    let difference = match (&before.reach, &after.reach) {
        (None, Some(_)) => Difference::Gains,
        (Some(_), None) => Difference::Loses,
        (Some(one), Some(other)) if one == other => Difference::Keeps,
        (Some(_), Some(_)) => Difference::Changes,
        (None, None) if after.reasons.contains(&Reason::NoEligibilityPolicy) => return None,
        (None, None) => Difference::Refused,
    };
    let (before, reasons, after) = (before.reach, after.reasons, after.reach);
    Some(Tried { user: user.id.clone(), difference, before, after, reasons })
}

fn by_difference_and_name((a, one): &(&User, Tried), (b, other): &(&User, Tried)) -> Ordering {
    let by_name = || (&a.display_name, &a.id).cmp(&(&b.display_name, &b.id));
    one.difference.cmp(&other.difference).then_with(by_name)
}
