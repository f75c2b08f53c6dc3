//! What may I ask for, and what would come of it: the same evaluation that decides, shown before
//! anything is sent.

use std::collections::BTreeSet;
use std::sync::Arc;

use kari_domain::directory::{Account, PermissionSet, Snapshot};
use kari_domain::ids::{AccountId, Target, Tuple, UserId};
use kari_domain::policy::{CompiledPolicies, Offer, Verdict, candidates, offers};
use kari_domain::request::Window;
use kari_domain::settings::Settings;
use kari_domain::time::{Instant, Minutes};

use crate::caller::Caller;
use crate::facts::{Wish, synced_verdict, with_reviewers};
use crate::{Error, Kari, load_ledger};

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
    /// The account after which the next part begins; `None` at the end.
    pub next: Option<AccountId>,
    pub settings: Settings,
    pub snapshot: Arc<Snapshot>,
}

/// Which part of what one may ask for: accounts in the order of their names.
#[derive(Debug, Clone, Default)]
pub struct EligibilityQuery {
    /// Words that must occur in the account's name, id or units.
    pub search: String,
    pub account: Option<AccountId>,
    pub after: Option<AccountId>,
    pub limit: usize,
}

/// What the caller may ask for, by the read model.
///
/// # Errors
/// [`Error::BadCursor`] if the part before ended at what is not offered now; if the policies or the
/// read model cannot be read.
pub async fn eligibility(
    kari: &Kari,
    caller: &Caller,
    query: &EligibilityQuery,
) -> Result<Eligibility, Error> {
    let policies = kari.policies.current().await?;
    let snapshot = kari.read_model.load().await?;
    let (accounts, next) = offered(&policies, &snapshot, caller, query)?;
    let settings = policies.policy_set().settings.clone();
    Ok(Eligibility { accounts, next, settings, snapshot })
}

fn offered(
    policies: &CompiledPolicies,
    snapshot: &Snapshot,
    caller: &Caller,
    query: &EligibilityQuery,
) -> Result<(Vec<OfferedAccount>, Option<AccountId>), Error> {
    let offers = offers(policies, &caller.subject, snapshot);
    let words: Vec<String> = query.search.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let mut accounts: Vec<_> = offers
        .iter()
        .filter(|(account, _)| query.account.as_ref().is_none_or(|only| *only == account.id))
        .filter(|(account, _)| matches(&words, snapshot, account))
        .collect();
    accounts.sort_by(|(a, _), (b, _)| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    let start = match &query.after {
        None => 0,
        Some(after) => {
            let place = accounts.iter().position(|(account, _)| account.id == *after);
            place.ok_or(Error::BadCursor)? + 1
        }
    };
    let more = accounts.len() > start + query.limit;
    let part: Vec<OfferedAccount> = accounts
        .into_iter()
        .skip(start)
        .take(query.limit)
        .map(|(account, permission_sets)| OfferedAccount {
            account: account.clone(),
            permission_sets: permission_sets
                .into_iter()
                .filter_map(|set| Some((set.clone(), offers.offer(&account.id, &set.arn)?)))
                .collect(),
        })
        .collect();
    let next = part.last().filter(|_| more).map(|last| last.account.id.clone());
    Ok((part, next))
}

fn matches(words: &[String], snapshot: &Snapshot, account: &Account) -> bool {
    if words.is_empty() {
        return true;
    }
    let text = format!("{} {} {}", account.name, account.id, snapshot.unit_names(account).join(" "));
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

/// What would come of a request.
#[derive(Debug, Clone)]
pub struct Outlook {
    pub verdict: Verdict,
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

/// Whether it would be possible, who would approve it, and until when it would last.
///
/// # Errors
/// If the policies or the read model cannot be read.
pub async fn outlook(kari: &Kari, caller: &Caller, thought: &Thought) -> Result<Outlook, Error> {
    let policies = kari.policies.current().await?;
    let snapshot = kari.read_model.load().await?;
    let wish = Wish {
        requester: &caller.user.id,
        target: &thought.target,
        duration: thought.duration,
        has_ticket: thought.has_ticket,
    };
    let verdict = synced_verdict(&policies, &snapshot, &wish);
    let verdict = with_reviewers(verdict, &caller.user.id, &snapshot);
    let window = Window::new(thought.start, thought.duration, kari.clock.now());
    let tuple = Tuple { principal: caller.user.id.clone(), target: thought.target.clone() };
    Ok(Outlook {
        reviewers: candidates(verdict.requirements(), &caller.user.id, &snapshot),
        open_sessions_until: verdict.open_sessions_until(window.expires_at),
        joined: load_ledger(kari, &tuple).await?.state.joined_window(window),
        verdict,
        window,
    })
}
