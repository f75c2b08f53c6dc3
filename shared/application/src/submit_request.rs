//! Submitting one request, or several at once for several accounts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kari_domain::audit::Cause;
use kari_domain::directory::{Account, PermissionSet, Snapshot};
use kari_domain::ids::{AccountId, BatchId, PermissionSetArn, RequestId, Target};
use kari_domain::policy::CompiledPolicies;
use kari_domain::request::{AccessRequest, Command, Labels, Refusal, Submission, Submit, Window, decide};
use kari_domain::text::{Justification, Ticket};
use kari_domain::time::{Instant, Minutes};
use sha2::{Digest, Sha256};

use crate::caller::Caller;
use crate::facts::{Wish, pending_requests, verdict, with_reviewers};
use crate::idempotency::KeyUse;
use crate::lapse_request::lapse_request;
use crate::ports::Conflict;
use crate::read_model_age::ensure_reviewers_are_known;
use crate::relay::hint_workflow;
use crate::transaction::{ATTEMPTS, Committed, Transaction};
use crate::{Error, Kari, Loaded, load_ledger, load_request};

/// How many accounts one submission may name.
pub const MOST_ACCOUNTS: usize = 50;

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Chosen by the client, unique for each thing it wants. For seven days what was made under it is answered with
    /// again by a repeat with the same body, which tries only what was refused.
    pub idempotency_key: String,
    pub accounts: Vec<AccountId>,
    pub permission_set: PermissionSetArn,
    pub start: Option<Instant>,
    pub duration: Minutes,
    pub justification: Option<Justification>,
    pub ticket: Option<Ticket>,
}

/// What became of one account's request: the request as it is now.
#[derive(Debug)]
pub struct Answer {
    pub account: AccountId,
    pub result: Result<AccessRequest, Error>,
}

/// What became of a submission: one answer for each account.
#[derive(Debug)]
pub struct Submitted {
    /// The id the requests share; `None` where there is one account.
    pub batch: Option<BatchId>,
    pub answers: Vec<Answer>,
}

/// Submits a request for each account; each is decided by itself.
///
/// # Errors
/// Only what concerns all of them; the rest is in the answers.
pub async fn submit_request(
    kari: &Kari,
    caller: &Caller,
    cause: Cause,
    wanted: &Wanted,
) -> Result<Submitted, Error> {
    let body_hash = wanted.hash();
    for _ in 0..ATTEMPTS {
        let key = KeyUse::of(kari, &caller.user.id, &wanted.idempotency_key, &body_hash).await?;
        let batch = (wanted.accounts.len() > 1).then(|| BatchId(key.id("batch")));
        let sending = Sending { kari, caller, cause, wanted, body_hash: &body_hash, key, batch };
        if let Some(answers) = send(&sending).await? {
            return Ok(Submitted { batch, answers });
        }
    }
    Err(Error::Busy)
}

/// A submission under its key.
struct Sending<'a> {
    kari: &'a Kari,
    caller: &'a Caller,
    cause: Cause,
    wanted: &'a Wanted,
    body_hash: &'a str,
    key: KeyUse<'a>,
    batch: Option<BatchId>,
}

/// What is read once for all accounts. The policies are not among it: each append makes sure that they
/// are still those that it was evaluated with.
struct Facts {
    accounts: BTreeMap<AccountId, Account>,
    permission_set: Option<PermissionSet>,
    snapshot: Arc<Snapshot>,
    /// How many requests of the requester wait for review, with those made so far.
    pending: usize,
}

/// One request of a submission.
struct Member<'a> {
    id: RequestId,
    account: &'a AccountId,
}

/// An answer for each account. `None` if somebody was faster under the same key: what counts is theirs.
async fn send(sending: &Sending<'_>) -> Result<Option<Vec<Answer>>, Error> {
    let mut answers = Vec::with_capacity(sending.wanted.accounts.len());
    let mut facts = None;
    for (index, account) in sending.wanted.accounts.iter().enumerate() {
        let member = Member { id: RequestId(sending.key.id(&index.to_string())), account };
        let result = match load_request(sending.kari, member.id).await {
            // Made before: a repeat needs no facts, and so it is answered whatever cannot be read now.
            Ok(Loaded { state, .. }) if state.asked().is_some() => Ok(Some(state)),
            Ok(loaded) => {
                let facts = match &mut facts {
                    Some(facts) => facts,
                    None => facts.insert(gather(sending).await?),
                };
                ask(sending, &member, facts, loaded).await
            }
            Err(error) => Err(error),
        };
        match result.transpose() {
            Some(result) => answers.push(Answer { account: account.clone(), result }),
            None => return Ok(None),
        }
    }
    Ok(Some(answers))
}

async fn gather(sending: &Sending<'_>) -> Result<Facts, Error> {
    let Sending { kari, wanted, .. } = sending;
    let ids: BTreeSet<AccountId> = wanted.accounts.iter().cloned().collect();
    let snapshot = kari.read_model.load().await?;
    Ok(Facts {
        accounts: kari.directory.accounts(&ids).await?,
        // NB. Asked for live, names that nobody knows would use up the quota that removals live on.
        permission_set: snapshot.permission_sets.get(&wanted.permission_set).cloned(),
        snapshot,
        pending: pending_requests(kari, &sending.caller.user.id).await?,
    })
}

/// Makes one request. `None` if somebody was faster under the same key.
async fn ask(
    sending: &Sending<'_>,
    member: &Member<'_>,
    facts: &mut Facts,
    mut loaded: Loaded<AccessRequest>,
) -> Result<Option<AccessRequest>, Error> {
    for _ in 0..ATTEMPTS {
        let tried = try_to_ask(sending, member, facts, &loaded).await;
        let in_the_way =
            matches!(tried, Err(Error::Refused(_)) | Ok((Committed::Conflict(Conflict::Claim { .. }), _)));
        // What is in the way may have been made by this very submission, sent twice at once.
        if in_the_way && sending.key.is_overtaken(sending.kari).await? {
            return Ok(None);
        }
        match tried? {
            (Committed::Yes, request) => {
                facts.pending += usize::from(matches!(request, AccessRequest::Pending(_)));
                return Ok(Some(request));
            }
            (Committed::Conflict(Conflict::Version { .. }), _) => {}
            (Committed::Conflict(Conflict::Claim { held_by, .. }), _) => make_room(sending, &held_by).await?,
        }
        loaded = load_request(sending.kari, member.id).await?;
    }
    Err(Error::Busy)
}

/// A claim on the target that is held says what is wrong, unless its holder has lapsed by the clock and
/// nobody has recorded it yet: then that is done now. A holder that cannot be read is not pushed aside,
/// because a newer version may know that it is open; its claim ends by itself.
async fn make_room(sending: &Sending<'_>, held_by: &str) -> Result<(), Error> {
    // The key's own claim names no request; it was held, and is free by now.
    let Ok(holder) = held_by.parse() else { return Ok(()) };
    let holder = load_request(sending.kari, holder).await?;
    if holder.state.is_in_the_way(sending.kari.clock.now()) {
        return Err(Refusal::AlreadyRequested.into());
    }
    match holder.state {
        AccessRequest::Pending(_) => lapse_request(sending.kari, sending.cause, &holder).await,
        AccessRequest::Absent
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => Ok(()),
    }
}

async fn try_to_ask(
    sending: &Sending<'_>,
    member: &Member<'_>,
    facts: &Facts,
    loaded: &Loaded<AccessRequest>,
) -> Result<(Committed, AccessRequest), Error> {
    let Sending { kari, caller, cause, .. } = sending;
    let policies = kari.policies.current().await?;
    let submit = submit(sending, member, facts, &policies).await?;
    let now = submit.now;
    let command = Command::Submit(Box::new(submit));
    let events = decide(&loaded.state, &command)?;
    let mut transaction = Transaction::new(kari, now, caller.actor(), *cause);
    transaction.by(caller);
    let warning = policies.policy_set().settings.expiry_warning_minutes;
    let request = transaction.record_request(loaded, &events, warning)?;
    transaction.evaluated_with(command.evaluated_with());
    transaction.claim(sending.key.claim(now));
    let committed = transaction.commit().await?;
    if committed == Committed::Yes {
        hint_workflow(kari, member.id, &events).await;
    }
    Ok((committed, request.state))
}

/// The command with everything that it is decided by.
async fn submit(
    sending: &Sending<'_>,
    member: &Member<'_>,
    facts: &Facts,
    policies: &CompiledPolicies,
) -> Result<Submit, Error> {
    let Sending { kari, caller, .. } = sending;
    let account = facts.accounts.get(member.account).ok_or(Refusal::UnknownAccount)?;
    let permission_set = facts.permission_set.as_ref().ok_or(Refusal::UnknownPermissionSet)?;
    let now = kari.clock.now();
    let labels = labels(caller, account, permission_set, &facts.snapshot);
    let submission = submission(sending, member, labels, policies, now);
    let wish = Wish::from(&submission);
    let verdict = verdict(policies, &wish, &caller.subject, Some(account), Some(permission_set));
    ensure_reviewers_are_known(&verdict, &facts.snapshot, now)?;
    let verdict = with_reviewers(verdict, &submission.requester, &facts.snapshot);
    let window = Window::new(submission.start, submission.duration_minutes, now);
    let joined = load_ledger(kari, &submission.tuple()).await?.state.joined_window(window);
    let justification_required = policies.policy_set().settings.justification_required;
    Ok(Submit { submission, verdict, justification_required, joined, pending: facts.pending, now })
}

fn submission(
    sending: &Sending<'_>,
    member: &Member<'_>,
    labels: Labels,
    policies: &CompiledPolicies,
    now: Instant,
) -> Submission {
    let wanted = sending.wanted;
    Submission {
        id: member.id,
        requester: sending.caller.user.id.clone(),
        target: Target { account: member.account.clone(), permission_set: wanted.permission_set.clone() },
        labels,
        start: wanted.start,
        duration_minutes: wanted.duration,
        justification: wanted.justification.clone(),
        ticket: wanted.ticket.clone(),
        batch: sending.batch,
        lapses_at: now + policies.policy_set().settings.pending_lapses_after_minutes.delta(),
        body_hash: sending.body_hash.to_owned(),
    }
}

/// NB. Names are looked up here by id, never taken from the client.
fn labels(caller: &Caller, account: &Account, permission_set: &PermissionSet, snapshot: &Snapshot) -> Labels {
    Labels {
        requester: caller.user.display_name.clone(),
        account: account.name.clone(),
        path: snapshot.unit_names(account),
        permission_set: permission_set.name.clone(),
    }
}

impl Wanted {
    /// A hash of everything asked for, the key aside.
    fn hash(&self) -> String {
        let parts = serde_json::json!([
            self.accounts,
            self.permission_set,
            self.start,
            self.duration,
            self.justification,
            self.ticket,
        ]);
        hex::encode(Sha256::digest(parts.to_string()))
    }
}
