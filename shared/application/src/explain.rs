//! What may I ask for, and what would come of it: the same evaluation that decides, shown before
//! anything is sent.

use std::collections::BTreeSet;
use std::sync::Arc;

use kari_domain::directory::{Account, PermissionSet, Snapshot};
use kari_domain::ids::{AccountId, Target, Tuple, UserId};
use kari_domain::policy::{CompiledPolicies, Offer, Offers, Verdict, candidates, offers};
use kari_domain::request::{Refusal, Window, check_start, prospect};
use kari_domain::settings::Settings;
use kari_domain::time::{Instant, Minutes};

use crate::browse::Surroundings;
use crate::caller::Caller;
use crate::facts::{Wish, pending_requests, synced_verdict, with_reviewers};
use crate::load::corrupt;
use crate::read_model_age::ensure_reviewers_are_known;
use crate::transaction::target_claim;
use crate::words::Words;
use crate::{Error, Kari, load_ledger, load_request};

/// How many terms one part tells: permission sets of all its accounts together. Each may take some kilobytes, and
/// Lambda gives no answer of more than six megabytes.
pub const MOST_OFFERS: usize = 1_500;

/// What one may ask for on one account.
#[derive(Debug, Clone)]
pub struct OfferedAccount {
    pub account: Account,
    pub permission_sets: Vec<(PermissionSet, Offer)>,
}

/// A part of what one may ask for.
#[derive(Debug, Clone)]
pub struct Eligibility {
    pub accounts: Vec<OfferedAccount>,
    /// The place behind which the next part begins; `None` at the end.
    pub next: Option<Place>,
    pub settings: Settings,
    pub snapshot: Arc<Snapshot>,
}

/// A place among accounts, which are in the order of their names. It stays one when the account that
/// was found there is renamed or no longer offered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub name: String,
    pub id: AccountId,
}

impl Place {
    fn of(account: &Account) -> Self {
        Self { name: account.name.clone(), id: account.id.clone() }
    }
}

/// Which part of what one may ask for.
#[derive(Debug, Clone, Default)]
pub struct EligibilityQuery {
    /// Words that must occur in the account's name, id or units.
    pub search: Words,
    pub account: Option<AccountId>,
    pub after: Option<Place>,
    /// How many accounts at most. Fewer come where more than [`MOST_OFFERS`] may be asked for on them, but one.
    pub limit: usize,
}

/// What the caller may ask for, by the read model.
///
/// # Errors
/// If the policies cannot be read.
pub async fn eligibility(
    kari: &Kari,
    caller: &Caller,
    around: &Surroundings,
    query: &EligibilityQuery,
) -> Result<Eligibility, Error> {
    let policies = around.policies(kari).await?;
    let (accounts, next) = offered(&policies, &around.snapshot, caller, query);
    let settings = policies.policy_set().settings.clone();
    Ok(Eligibility { accounts, next, settings, snapshot: Arc::clone(&around.snapshot) })
}

/// The accounts on which the caller may ask for anything, by the read model: the first by name, as many as `query`
/// wants. Without the terms, which take longest to tell.
///
/// # Errors
/// If the policies cannot be read.
pub async fn find_accounts(
    kari: &Kari,
    caller: &Caller,
    around: &Surroundings,
    query: &EligibilityQuery,
) -> Result<Vec<Account>, Error> {
    let policies = around.policies(kari).await?;
    let offers = offers(&policies, &caller.subject, &around.snapshot);
    let found = matching(&offers, &around.snapshot, query).into_iter().take(query.limit);
    Ok(found.map(|(account, _)| account.clone()).collect())
}

/// What the caller may ask for on these accounts, in their order, by the read model. Accounts on which nothing may
/// be asked for are missing.
///
/// # Errors
/// If the policies cannot be read.
pub async fn offered_on(
    kari: &Kari,
    caller: &Caller,
    around: &Surroundings,
    accounts: &[AccountId],
) -> Result<Eligibility, Error> {
    let policies = around.policies(kari).await?;
    let snapshot = Arc::clone(&around.snapshot);
    let offers = offers(&policies, &caller.subject, &snapshot);
    let known = accounts.iter().filter_map(|id| snapshot.accounts.get(id));
    let on = |account: &Account| offered_account(&offers, account, offers.permission_sets(&account.id));
    let accounts = known.map(on).filter(|on| !on.permission_sets.is_empty()).collect();
    let settings = policies.policy_set().settings.clone();
    drop(offers);
    Ok(Eligibility { accounts, next: None, settings, snapshot })
}

/// An account with the terms of what may be asked for on it.
fn offered_account(offers: &Offers<'_>, account: &Account, sets: Vec<&PermissionSet>) -> OfferedAccount {
    let terms = sets.into_iter().filter_map(|set| Some((set.clone(), offers.offer(&account.id, &set.arn)?)));
    OfferedAccount { account: account.clone(), permission_sets: terms.collect() }
}

fn offered(
    policies: &CompiledPolicies,
    snapshot: &Snapshot,
    caller: &Caller,
    query: &EligibilityQuery,
) -> (Vec<OfferedAccount>, Option<Place>) {
    let offers = offers(policies, &caller.subject, snapshot);
    let accounts = matching(&offers, snapshot, query);
    let sizes = accounts.iter().map(|(_, permission_sets)| permission_sets.len());
    let fitting = how_many_fit(sizes, query.limit);
    let more = accounts.len() > fitting;
    let part: Vec<OfferedAccount> = accounts
        .into_iter()
        .take(fitting)
        .map(|(account, permission_sets)| offered_account(&offers, account, permission_sets))
        .collect();
    let next = part.last().filter(|_| more).map(|last| Place::of(&last.account));
    (part, next)
}

/// The accounts that are asked for, by their names, with the permission sets that may be asked for on each.
fn matching<'a>(
    offers: &Offers<'a>,
    snapshot: &Snapshot,
    query: &EligibilityQuery,
) -> Vec<(&'a Account, Vec<&'a PermissionSet>)> {
    let mut accounts: Vec<_> = offers
        .iter()
        .filter(|(account, _)| query.account.as_ref().is_none_or(|only| *only == account.id))
        .filter(|(account, _)| query.after.as_ref().is_none_or(|after| Place::of(account) > *after))
        .filter(|(account, _)| query.search.matches(|| words_of(account, snapshot)))
        .collect();
    accounts.sort_by_cached_key(|(account, _)| Place::of(account));
    accounts
}

/// How many accounts with so many permission sets fit into one part: one at least, or nobody would get on.
fn how_many_fit(sizes: impl Iterator<Item = usize>, limit: usize) -> usize {
    let mut offers = 0;
    let fitting = sizes.take(limit).take_while(|size| {
        let is_first = offers == 0;
        offers += size;
        is_first || offers <= MOST_OFFERS
    });
    fitting.count()
}

fn words_of(account: &Account, snapshot: &Snapshot) -> String {
    format!("{} {} {}", account.name, account.id, snapshot.unit_names(account).join(" "))
}

/// What would come of a request.
#[derive(Debug, Clone)]
pub struct Outlook {
    pub verdict: Verdict,
    /// Why it would be refused, whether by the policies or for another reason; empty if it would not.
    pub refusals: Vec<Refusal>,
    /// For each requirement of the verdict, the people who could meet it.
    pub reviewers: Vec<BTreeSet<UserId>>,
    pub window: Window,
    pub joined: Option<Window>,
    pub open_sessions_until: Instant,
}

/// A request one thinks of making.
#[derive(Debug, Clone)]
pub struct Thought {
    pub target: Target,
    pub start: Option<Instant>,
    pub duration: Minutes,
    pub has_ticket: bool,
}

/// Whether it would be possible, who would approve it, and until when it would last: by the read model
/// what submission decides by facts read live, with the very same rules.
///
/// # Errors
/// The refusal that a submission would meet whatever the policies say: a start that is not possible.
/// [`Error::DirectoryTooOld`] where it would have to wait for that, too. If the policies or what is open
/// cannot be read.
pub async fn outlook(
    kari: &Kari,
    caller: &Caller,
    around: &Surroundings,
    thought: &Thought,
) -> Result<Outlook, Error> {
    let now = kari.clock.now();
    check_start(thought.start, now)?;
    let policies = around.policies(kari).await?;
    let snapshot = &*around.snapshot;
    let wish = Wish {
        requester: &caller.user.id,
        target: &thought.target,
        duration: thought.duration,
        has_ticket: thought.has_ticket,
    };
    let verdict = synced_verdict(&policies, snapshot, &wish);
    ensure_reviewers_are_known(&verdict, snapshot, now)?;
    let verdict = with_reviewers(verdict, &caller.user.id, snapshot);
    let window = Window::new(thought.start, thought.duration, now);
    let tuple = Tuple { principal: caller.user.id.clone(), target: thought.target.clone() };
    let joined = load_ledger(kari, &tuple).await?.state.joined_window(window);
    let pending = pending_requests(kari, &caller.user.id).await?;
    let refused = prospect(&verdict, joined, pending).err();
    let asked_already = is_asked_for(kari, &tuple, now).await?.then_some(Refusal::AlreadyRequested);
    Ok(Outlook {
        refusals: refused.into_iter().chain(asked_already).collect(),
        reviewers: candidates(verdict.requirements(), &caller.user.id, snapshot),
        open_sessions_until: verdict.open_sessions_until(window.expires_at),
        joined,
        verdict,
        window,
    })
}

/// Whether another open request takes the place that there is for one.
async fn is_asked_for(kari: &Kari, tuple: &Tuple, now: Instant) -> Result<bool, Error> {
    let Some(holder) = kari.store.holder(&target_claim(tuple), now).await? else { return Ok(false) };
    let holder = holder.parse().map_err(corrupt)?;
    Ok(load_request(kari, holder).await?.state.is_in_the_way(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_ends_before_it_has_more_offers_than_an_answer_can_hold() {
        let fit = |sizes: &[usize], limit| how_many_fit(sizes.iter().copied(), limit);
        assert_eq!(fit(&[10, 10, 10], 200), 3);
        assert_eq!(fit(&[10, 10, 10], 2), 2);
        assert_eq!(fit(&[500, 500, 500, 1], 200), 3);
        assert_eq!(fit(&[500, 500, 501, 1], 200), 2);
        assert_eq!(fit(&[3_500, 1], 200), 1, "one account is told of whatever it has");
        assert_eq!(fit(&[], 200), 0);
    }
}
