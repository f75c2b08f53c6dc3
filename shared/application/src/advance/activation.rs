//! Beginning: a last evaluation, joining the tuple, and a look where others began before.

use kari_domain::audit::SystemReason;
use kari_domain::ledger::{self, LedgerEvent, Looked, MustWait};
use kari_domain::policy::{CompiledPolicies, Verdict};
use kari_domain::request::{
    AccessRequest, Command, FailureReason, RequestEvent, StartActivation, Why, activation_deadline, decide,
};
use kari_domain::time::Instant;

use super::{Advanced, SOON, Situation, Stepped, commit, next_try, record, system};
use crate::facts::{Wish, live_verdict};
use crate::ports::{Listed, OperationKind};
use crate::{Error, Kari};

/// Whoever has to wait for others is not evaluated yet: that would cost calls each time, and prove nothing
/// later. What comes too late is given up whatever it waits for.
fn waits_for_others(situation: &Situation) -> bool {
    let AccessRequest::Approved(approved) = &situation.request.state else { return false };
    let (ledger, id) = (&situation.ledger.state, situation.submission.id);
    let joined = ledger::join(ledger, id, situation.now, Looked::Not, situation.now);
    joined.is_err_and(MustWait::is_for_others) && situation.now < activation_deadline(approved)
}

/// Evaluates afresh, then records the intent together with joining the tuple.
pub(super) async fn activate(kari: &Kari, situation: &Situation) -> Result<Stepped, Error> {
    if waits_for_others(situation) {
        return Ok(Stepped::Rest(Advanced::At(next_try(kari, situation), Why::WaitForStart)));
    }
    let policies = kari.policies.current().await?;
    let verdict = verdict_for_activation(kari, &policies, situation).await?;
    let held_since = situation.ledger.state.held_since;
    let facts = StartActivation { verdict, held_since, now: situation.now };
    let events = decide(&situation.request.state, &Command::StartActivation(Box::new(facts)))?;
    if is_too_long_for_now(situation, &events) {
        return Ok(Stepped::Rest(Advanced::At(next_try(kari, situation), Why::WaitForStart)));
    }
    let expires_at = events.iter().find_map(|event| {
        if let RequestEvent::ActivationStarted { window, .. } = event {
            Some(window.expires_at)
        } else {
            None
        }
    });
    let joined = match expires_at {
        None => vec![],
        Some(expires_at) => match join(kari, situation, expires_at).await? {
            Joining::Joins(joined) => joined,
            Joining::Waits(at) => return Ok(Stepped::Rest(Advanced::At(at, Why::WaitForStart))),
        },
    };
    let mut transaction = system(kari, situation.now, SystemReason::Clock);
    let request = transaction.record_request(&situation.request, &events, situation.warning)?;
    let ledger = transaction.record_ledger(&situation.ledger, &joined)?;
    if joined.is_empty() {
        // Why it cannot begin may be told by the ledger: by what it would last together with other grants.
        transaction.rests_on(&situation.ledger);
    }
    transaction.evaluated_with(Some(policies.policy_set().version));
    commit(kari, situation, transaction, request, ledger).await
}

/// Whether it lasts too long only together with a grant that is over and has not left yet: it will in a moment.
fn is_too_long_for_now(situation: &Situation, events: &[RequestEvent]) -> bool {
    let too_long = |event: &RequestEvent| {
        matches!(event, RequestEvent::Closed { reason: Some(FailureReason::JoinedWindowTooLong { .. }), .. })
    };
    let over = |ends_at: &Instant| *ends_at < situation.now;
    events.iter().any(too_long) && situation.ledger.state.holders.values().any(over)
}

/// The policies' word as of now. Past the deadline it fails whatever they say, so that a directory
/// that cannot be read keeps nothing open.
async fn verdict_for_activation(
    kari: &Kari,
    policies: &CompiledPolicies,
    situation: &Situation,
) -> Result<Verdict, Error> {
    if let AccessRequest::Approved(approved) = &situation.request.state
        && situation.now >= activation_deadline(approved)
    {
        return Ok(approved.asked.verdict.clone());
    }
    live_verdict(kari, policies, &Wish::from(&situation.submission)).await
}

enum Joining {
    Joins(Vec<LedgerEvent>),
    Waits(Instant),
}

/// Joins the tuple, with a look just before where ownership is to be decided.
async fn join(kari: &Kari, situation: &Situation, expires_at: Instant) -> Result<Joining, Error> {
    let (ledger, id) = (&situation.ledger.state, situation.submission.id);
    match ledger::join(ledger, id, expires_at, Looked::Not, kari.clock.now()) {
        Ok(events) => return Ok(Joining::Joins(events)),
        Err(wait) if wait.is_for_others() => return Ok(Joining::Waits(next_try(kari, situation))),
        Err(_) => {}
    }
    let looked = match kari.assignments.look(OperationKind::Creation, &situation.submission.tuple()).await {
        Ok(Listed::Yes) => Looked::Listed,
        Ok(Listed::No) => Looked::NotListed,
        Err(error) => {
            tracing::info!(request.id = %id, error.code = %error.code(), "looking failed; it is repeated");
            return Ok(Joining::Waits(next_try(kari, situation)));
        }
    };
    let joins = ledger::join(ledger, id, expires_at, looked, kari.clock.now());
    Ok(joins.map_or_else(|_| Joining::Waits(next_try(kari, situation)), Joining::Joins))
}

/// The ledger says it is present, from before this grant: *active* wants a look of its own.
pub(super) async fn verify_presence(kari: &Kari, situation: &Situation) -> Result<Stepped, Error> {
    let again = Advanced::At(situation.now + SOON + kari.ids.jitter(SOON), Why::AwaitActivation);
    let ledger = &situation.ledger.state;
    let events = match kari.assignments.look(OperationKind::Creation, &situation.submission.tuple()).await {
        Ok(Listed::Yes) => ledger::observe_present(ledger),
        Ok(Listed::No) => ledger::observe_missing(ledger, situation.now),
        Err(error) => {
            // Recorded, so that a requester who waits in vain learns what for.
            let trouble = ledger::note_trouble(ledger, error.code(), &error.to_string());
            record(kari, situation, &[], &trouble, SystemReason::IdentityCenter).await?;
            return Ok(Stepped::Rest(again));
        }
    };
    if events.is_empty() {
        return Ok(Stepped::Rest(again));
    }
    record(kari, situation, &[], &events, SystemReason::IdentityCenter).await
}
