//! Submitting one request, or several at once for several accounts.

use kari_domain::audit::Cause;
use kari_domain::directory::{Account, PermissionSet, Snapshot};
use kari_domain::ids::{AccountId, BatchId, PermissionSetArn, RequestId, Target};
use kari_domain::mutants::{Mutant, on};
use kari_domain::policy::CompiledPolicies;
use kari_domain::request::{
    AccessRequest, Command, Labels, Refusal, RequestState, Submission, Submit, Window, decide,
};
use kari_domain::text::{Justification, Ticket};
use kari_domain::time::{Instant, Minutes};
use sha2::{Digest, Sha256};

use crate::advance::advance;
use crate::caller::Caller;
use crate::facts::{Wish, permission_set, verdict, with_reviewers};
use crate::ports::{ClaimChange, Conflict, PageRequest, RequestFilter, RequestScope};
use crate::relay::hint_workflow;
use crate::transaction::{ATTEMPTS, Committed, Transaction};
use crate::{Error, Kari, Loaded, load_ledger, load_request};

/// How many accounts one submission may name.
pub const MOST_ACCOUNTS: usize = 50;
/// How many requests of one person may be pending.
pub const MOST_PENDING: usize = 100;
/// How long an idempotency key is kept.
const KEY_KEPT: chrono::TimeDelta = chrono::TimeDelta::days(7);

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Chosen by the client, unique for each thing it wants; a repeat with the same key and body
    /// changes nothing and answers the same.
    pub idempotency_key: String,
    pub accounts: Vec<AccountId>,
    pub permission_set: PermissionSetArn,
    pub start: Option<Instant>,
    pub duration: Minutes,
    pub justification: Option<Justification>,
    pub ticket: Option<Ticket>,
}

/// What became of one account's request.
#[derive(Debug)]
pub struct Answer {
    pub account: AccountId,
    pub result: Result<RequestId, Error>,
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
pub async fn submit_request(kari: &Kari, caller: &Caller, wanted: &Wanted) -> Result<Submitted, Error> {
    let body_hash = wanted.hash();
    let batch = (wanted.accounts.len() > 1).then(|| BatchId(derive_id(caller, wanted, &body_hash, "batch")));
    let waiting = pending_count(kari, caller).await?;
    let mut answers = Vec::with_capacity(wanted.accounts.len());
    for (index, account) in wanted.accounts.iter().enumerate() {
        let id = RequestId(derive_id(caller, wanted, &body_hash, &index.to_string()));
        let member =
            Member { id, batch, account, body_hash: &body_hash, crowded: waiting + index >= MOST_PENDING };
        let result = submit_member(kari, caller, wanted, &member).await;
        answers.push(Answer { account: account.clone(), result: result.map(|()| id) });
    }
    Ok(Submitted { batch, answers })
}

/// One request of a submission.
struct Member<'a> {
    id: RequestId,
    batch: Option<BatchId>,
    account: &'a AccountId,
    body_hash: &'a str,
    /// The requester has as many pending requests as one may have.
    crowded: bool,
}

async fn submit_member(
    kari: &Kari,
    caller: &Caller,
    wanted: &Wanted,
    member: &Member<'_>,
) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        let loaded = load_request(kari, member.id).await?;
        if loaded.state.asked().is_none() && member.crowded {
            return Err(Refusal::TooManyPending.into());
        }
        if let Some(asked) = loaded.state.asked()
            && asked.submission.body_hash == member.body_hash
        {
            return Ok(());
        }
        match try_submit(kari, caller, wanted, member, &loaded).await? {
            Committed::Yes => return Ok(()),
            Committed::Conflict(Conflict::Version { .. }) => {}
            Committed::Conflict(Conflict::Claim { key, held_by }) => {
                make_room(kari, &key, &held_by, member).await?;
            }
        }
    }
    Err(Error::Busy)
}

/// A claim that is held says what is wrong, unless its holder is over by the clock and nobody has
/// recorded it yet: then that is done now.
async fn make_room(kari: &Kari, key: &str, held_by: &str, member: &Member<'_>) -> Result<(), Error> {
    if key.starts_with(KEY_CLAIM) {
        return Err(Refusal::IdempotencyKeyReused.into());
    }
    let Some(holder) = held_by.parse().ok().filter(|holder| *holder != member.id) else { return Ok(()) };
    match load_request(kari, holder).await?.state {
        AccessRequest::Pending(pending)
            if kari.clock.now() >= pending.asked.submission.lapses_at && !on(Mutant::WaitsForTheLapse) =>
        {
            advance(kari, holder).await.map(|_| ())
        }
        AccessRequest::Pending(_) | AccessRequest::Approved(_) => Err(Refusal::AlreadyRequested.into()),
        AccessRequest::Absent
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => Ok(()),
    }
}

async fn try_submit(
    kari: &Kari,
    caller: &Caller,
    wanted: &Wanted,
    member: &Member<'_>,
    loaded: &Loaded<AccessRequest>,
) -> Result<Committed, Error> {
    let policies = kari.policies.current().await?;
    let account = kari.directory.account(member.account).await?.ok_or(Refusal::UnknownAccount)?;
    let permission_set =
        permission_set(kari, &wanted.permission_set).await?.ok_or(Refusal::UnknownPermissionSet)?;
    let snapshot = kari.read_model.load().await?;
    let now = kari.clock.now();
    let submission = submission(
        caller,
        wanted,
        member,
        &Names { account: &account, permission_set: &permission_set, snapshot: &snapshot },
        &policies,
        now,
    );
    let wish = Wish::from(&submission);
    let verdict = verdict(&policies, &wish, &caller.subject, Some(&account), Some(&permission_set));
    let verdict = with_reviewers(verdict, &submission.requester, &snapshot);
    let window = Window::new(submission.start, submission.duration_minutes, now);
    let joined = load_ledger(kari, &submission.tuple()).await?.state.joined_window(window);
    let settings = &policies.policy_set().settings;
    let (justification_required, warning) =
        (settings.justification_required, settings.expiry_warning_minutes);
    let command = Submit { submission, verdict, justification_required, joined, now };
    let command = Command::Submit(Box::new(command));
    let events = decide(&loaded.state, &command)?;
    let mut transaction = Transaction::new(kari, now, caller.actor(), Cause::Api);
    transaction.record_request(loaded, &events, warning)?;
    transaction.evaluated_with(command.evaluated_with());
    transaction.claim(key_claim(caller, wanted, member.body_hash, now));
    let committed = transaction.commit().await?;
    if committed == Committed::Yes {
        hint_workflow(kari, member.id, &events).await;
    }
    Ok(committed)
}

/// What names are recorded with a request.
struct Names<'a> {
    account: &'a Account,
    permission_set: &'a PermissionSet,
    snapshot: &'a Snapshot,
}

fn submission(
    caller: &Caller,
    wanted: &Wanted,
    member: &Member<'_>,
    names: &Names<'_>,
    policies: &CompiledPolicies,
    now: Instant,
) -> Submission {
    Submission {
        id: member.id,
        requester: caller.user.id.clone(),
        target: Target { account: member.account.clone(), permission_set: wanted.permission_set.clone() },
        // NB. Names are looked up here by id, never taken from the client.
        labels: Labels {
            requester: caller.user.display_name.clone(),
            account: names.account.name.clone(),
            path: names.snapshot.unit_names(names.account),
            permission_set: names.permission_set.name.clone(),
        },
        start: wanted.start,
        duration_minutes: wanted.duration,
        justification: wanted.justification.clone(),
        ticket: wanted.ticket.clone(),
        batch: member.batch,
        lapses_at: now + policies.policy_set().settings.pending_lapses_after_minutes.delta(),
        body_hash: member.body_hash.to_owned(),
    }
}

/// A bound, not a decision: a list that is a little late is good enough.
async fn pending_count(kari: &Kari, caller: &Caller) -> Result<usize, Error> {
    let scope = RequestScope::Of(caller.user.id.clone());
    let filter = RequestFilter { states: vec![RequestState::Pending], ..RequestFilter::default() };
    let page = PageRequest { limit: MOST_PENDING, after: None };
    Ok(kari.store.requests(&scope, &filter, &page).await?.items.len())
}

const KEY_CLAIM: &str = "submission/";

fn key_claim(caller: &Caller, wanted: &Wanted, body_hash: &str, now: Instant) -> ClaimChange {
    let key = format!("{KEY_CLAIM}{}/{}", caller.user.id, wanted.idempotency_key);
    ClaimChange::Take { key, value: body_hash.to_owned(), until: Some(now + KEY_KEPT) }
}

/// Ids follow from who asks, the key, the body and the place, so that a repeat finds what the first
/// attempt made, however far it came.
fn derive_id(caller: &Caller, wanted: &Wanted, body_hash: &str, part: &str) -> uuid::Uuid {
    let key = &wanted.idempotency_key;
    let digest = Sha256::digest(format!("{}\n{key}\n{body_hash}\n{part}", caller.user.id));
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, digit)| *byte = digit);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
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
