//! What cannot be done anything about for a while: accounts that are suspended, closed or not in the
//! organization, and policies that nobody can read.

use chrono::TimeDelta;
use kari_domain::directory::{AccountStatus, Snapshot};
use kari_domain::ids::{AccountId, Tuple};
use kari_domain::request::{AccessRequest, RequestState};
use kari_domain::time::Instant;

use super::truth::HANGING;
use super::{RequestWatch, Watch};
use crate::chaos::Mishap;

/// How long after an account can be used again its assignments may still wait for the next try.
pub(super) const REOPENED_WITHIN: TimeDelta = TimeDelta::minutes(25);
/// How long until whoever waits for an ending is told that the account is out of reach.
const SAID_WITHIN: TimeDelta = TimeDelta::minutes(10);

fn is_active(organization: &Snapshot, id: &AccountId) -> bool {
    organization.accounts.get(id).is_some_and(|account| account.status == AccountStatus::Active)
}

/// Whether a request's requester, account or permission set is not there, or while it waits for
/// reviewers one of their groups.
fn lacks(request: &RequestWatch, organization: &Snapshot) -> bool {
    let tuple = &request.tuple;
    let enabled = organization.users.get(&tuple.principal).is_some_and(|user| user.enabled);
    let group_is_gone = match &request.state {
        AccessRequest::Pending(pending) => {
            let mut requirements = pending.asked.verdict.requirements().iter();
            let gone = |group| !organization.groups.contains_key(group);
            requirements.any(|requirement| requirement.reviewers.groups.iter().any(gone))
        }
        AccessRequest::Absent
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => false,
    };
    !enabled
        || group_is_gone
        || !is_active(organization, &tuple.target.account)
        || !organization.permission_sets.contains_key(&tuple.target.permission_set)
}

impl Watch {
    /// A creation was accepted, or may have been.
    pub fn creation_accepted(&mut self, tuple: &Tuple, now: Instant) {
        if !is_active(self.organization(), &tuple.target.account) {
            self.hanging.push((tuple.clone(), now));
        }
    }

    /// Whether nothing can be done about a tuple: its account is out of reach, or a creation of ours
    /// hangs there and has to be waited for.
    pub fn is_out_of_reach(&self, tuple: &Tuple) -> bool {
        let hangs =
            |(of, sent): &(Tuple, Instant)| of == tuple && self.now < *sent + HANGING + REOPENED_WITHIN;
        !is_active(self.organization(), &tuple.target.account) || self.hanging.iter().any(hangs)
    }

    /// The account is out of reach, or was until a while ago: the next sync shows it.
    pub(super) fn is_blocked(&self, tuple: &Tuple) -> bool {
        let reopened = self.reopened.get(&tuple.target.account);
        self.is_out_of_reach(tuple) || reopened.is_some_and(|at| self.now < *at + REOPENED_WITHIN)
    }

    /// Whether there is anybody and anything that could be assigned.
    pub(super) fn exists(&self, tuple: &Tuple) -> bool {
        let known = self.organization();
        known.users.contains_key(&tuple.principal)
            && known.permission_sets.contains_key(&tuple.target.permission_set)
    }

    /// A grant ends, its account is out of reach, and nobody would know why it takes so long.
    pub(super) fn hides_its_trouble(&self, request: &RequestWatch) -> bool {
        let AccessRequest::Ending(state) = &request.state else { return false };
        let Some(since) = self.out_of_reach_since.get(&request.tuple.target.account) else { return false };
        state.blocked.is_none() && self.now > *since.max(&request.since) + SAID_WITHIN
    }

    pub(super) fn accounts_changed(&mut self, snapshot: &Snapshot) {
        let ids: Vec<AccountId> = self.organization_at_first().accounts.keys().cloned().collect();
        for id in ids {
            match (is_active(self.organization(), &id), is_active(snapshot, &id)) {
                (false, true) => {
                    self.out_of_reach_since.remove(&id);
                    self.reopened.insert(id, self.now);
                }
                (true, false) => {
                    self.out_of_reach_since.insert(id, self.now);
                }
                (true, true) | (false, false) => {}
            }
        }
    }

    /// A mishap makes the directory this: counts the requests from which it takes what they need.
    pub fn befell(&mut self, mishap: Mishap, after: &Snapshot) {
        let before = self.organization();
        let struck = |request: &&RequestWatch| lacks(request, after) && !lacks(request, before);
        let requests = self.requests.values().filter(struck);
        let states: Vec<_> = requests.map(|request| RequestState::from(&request.state)).collect();
        for state in states {
            self.coverage.mishap(mishap, state);
        }
    }

    /// Nobody can read the policies before this instant.
    pub fn policies_kept_until(&mut self, at: Instant) {
        self.digest("policies");
        self.tell(|| format!("policies cannot be read before {at}"));
        let requests = self.requests.values().filter(|_| at > self.now);
        let states: Vec<_> = requests.map(|request| RequestState::from(&request.state)).collect();
        for state in states {
            self.coverage.mishap(Mishap::LosePolicies, state);
        }
        self.policies_back_at = Some(at);
    }

    /// Whether nobody could read the policies at any time since then.
    pub(super) fn lacked_policies_since(&self, then: Instant) -> bool {
        self.policies_back_at.is_some_and(|back| back >= then)
    }
}
