//! The one operation that drives a request. It reads the state, does what is due, records it, and
//! says when to come back. Step Functions, the timer, the reconciler and the simulation call this and
//! nothing else; losing a call costs minutes, never correctness.

mod activation;
mod ending;

use chrono::TimeDelta;
use kari_domain::audit::{Actor, Cause, SystemReason};
use kari_domain::ids::RequestId;
use kari_domain::ledger::{self, Ledger, LedgerEvent, Presence};
use kari_domain::mutants::{Mutant, on};
use kari_domain::request::{
    AccessRequest, Command, RequestEvent, Step, Submission, Why, activation_deadline, activation_due_at,
    deadline, decide, plan,
};
use kari_domain::time::{Instant, Minutes};

use self::activation::{activate, verify_presence};
use self::ending::start_end;
use crate::load::warning_for;
use crate::settle::{Driver, Intent, Patience, Recorded, Settled, settle_loaded};
use crate::transaction::{Committed, Transaction};
use crate::{Error, Kari, Loaded, load_ledger, load_request};

pub use self::ending::end_for_disabled_requester;
pub(crate) use self::ending::end_for_drain;

/// How many steps one call takes at most, before it asks to be called again.
const MOST_STEPS: usize = 40;
/// How long to wait for something that another request is doing.
const SOON: TimeDelta = TimeDelta::seconds(2);
/// The shortest wait of an activation that waits for others.
const SHORTEST_WAIT: TimeDelta = TimeDelta::seconds(1);

/// Whether a request is over, or when to come back and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advanced {
    Done,
    At(Instant, Why),
}

/// Drives a request as far as it goes now.
///
/// # Errors
/// [`Error::Unavailable`] if a port failed: call again later. [`Error::Corrupt`] if the request
/// cannot be understood; its access still ends by its ledger.
pub async fn advance(kari: &Kari, id: RequestId) -> Result<Advanced, Error> {
    advance_with(kari, id, Patience::Inline).await
}

/// The same, with as much patience as whoever drives it has.
pub(crate) async fn advance_with(kari: &Kari, id: RequestId, patience: Patience) -> Result<Advanced, Error> {
    let Some(mut situation) = look_around(kari, id).await? else { return Ok(Advanced::Done) };
    for _ in 0..MOST_STEPS {
        situation = match step(kari, &situation, patience).await? {
            Stepped::Rest(advanced) => return Ok(advanced),
            Stepped::On(next) => *next,
            Stepped::Anew => match look_around(kari, id).await? {
                Some(situation) => situation,
                None => return Ok(Advanced::Done),
            },
        };
    }
    tracing::warn!(request.id = %id, "it does not come to rest; it is taken up again");
    let waits_for = match situation.request.state {
        AccessRequest::Absent | AccessRequest::Pending(_) => Why::AwaitReview,
        AccessRequest::Approved(_) => Why::WaitForStart,
        AccessRequest::Activating(_) => Why::AwaitActivation,
        AccessRequest::Active(_) => Why::HoldUntilExpiry,
        AccessRequest::Ending(_) | AccessRequest::Closed(_) => Why::AwaitRemoval,
    };
    Ok(Advanced::At(kari.clock.now() + SOON, waits_for))
}

/// What came of a step.
enum Stepped {
    /// There is nothing to do before this.
    Rest(Advanced),
    /// Something was recorded, and this is how things are now: nothing need be read.
    On(Box<Situation>),
    /// Somebody else was first.
    Anew,
}

/// What a step works on.
struct Situation {
    request: Loaded<AccessRequest>,
    ledger: Loaded<Ledger>,
    submission: Submission,
    /// How long before its end the requester is warned.
    warning: Minutes,
    intent: Intent,
    now: Instant,
}

async fn step(kari: &Kari, situation: &Situation, patience: Patience) -> Result<Stepped, Error> {
    let now = situation.now;
    let warning = situation.warning;
    match plan(&situation.request.state, &situation.ledger.state, warning, now) {
        Step::Rest => Ok(Stepped::Rest(Advanced::Done)),
        Step::Wait(at, why) => Ok(Stepped::Rest(Advanced::At(at, why))),
        Step::Lapse => command(kari, situation, &Command::Lapse { now }, SystemReason::Clock).await,
        Step::Activate => activate(kari, situation).await,
        Step::Settle(why) => settle(kari, situation, why, patience).await,
        Step::VerifyPresence => verify_presence(kari, situation).await,
        Step::ObserveActive => {
            command(kari, situation, &Command::ObserveActive { now }, SystemReason::IdentityCenter).await
        }
        Step::WarnOfExpiry => {
            command(kari, situation, &Command::WarnOfExpiry { now }, SystemReason::Clock).await
        }
        Step::StartEnd(cause) => start_end(kari, situation, cause).await,
        Step::AlarmOverdue => {
            command(kari, situation, &Command::AlarmOverdue { now }, SystemReason::Clock).await
        }
        Step::MarkBlocked { code, detail } => {
            let mark = Command::MarkBlocked { code, detail };
            command(kari, situation, &mark, SystemReason::IdentityCenter).await
        }
        Step::Close { evidence, gone_at } => {
            let close = Command::Close { evidence, gone_at };
            command(kari, situation, &close, SystemReason::IdentityCenter).await
        }
    }
}

/// `None` if there is no such request.
async fn look_around(kari: &Kari, id: RequestId) -> Result<Option<Situation>, Error> {
    let request = load_request(kari, id).await?;
    let Some(asked) = request.state.asked() else { return Ok(None) };
    let submission = asked.submission.clone();
    if on(Mutant::NeedsThePolicies) {
        kari.policies.current().await?;
    }
    // Ending needs no policy: where the policies cannot be read, access still ends.
    let warning = warning_for(kari, &request.state).await;
    // The ledger last: between reading it and calling Identity Center nothing else is waited for.
    let ledger = load_ledger(kari, &submission.tuple()).await?;
    let (intent, now) = (Intent::Read, kari.clock.now());
    Ok(Some(Situation { request, ledger, submission, warning, intent, now }))
}

async fn command(
    kari: &Kari,
    situation: &Situation,
    command: &Command,
    reason: SystemReason,
) -> Result<Stepped, Error> {
    let events = decide(&situation.request.state, command)?;
    record(kari, situation, &events, &[], reason).await
}

async fn record(
    kari: &Kari,
    situation: &Situation,
    events: &[RequestEvent],
    ledger_events: &[LedgerEvent],
    reason: SystemReason,
) -> Result<Stepped, Error> {
    let mut transaction = system(kari, situation.now, reason);
    let request = transaction.record_request(&situation.request, events, situation.warning)?;
    let ledger = transaction.record_ledger(&situation.ledger, ledger_events)?;
    if ledger_events.is_empty() {
        // What is active or gone is told by the ledger, which others change meanwhile.
        transaction.rests_on(&situation.ledger);
    }
    commit(kari, situation, transaction, request, ledger).await
}

/// After an append of ours nothing need be read: this is what was recorded.
async fn commit(
    kari: &Kari,
    before: &Situation,
    transaction: Transaction<'_>,
    request: Loaded<AccessRequest>,
    ledger: Loaded<Ledger>,
) -> Result<Stepped, Error> {
    if transaction.commit().await? != Committed::Yes {
        return Ok(Stepped::Anew);
    }
    let is_creating = |ledger: &Ledger| matches!(ledger.presence, Presence::Creating { .. });
    let begins = !is_creating(&before.ledger.state) && is_creating(&ledger.state);
    let intent = if begins { Intent::Own } else { Intent::Read };
    Ok(Stepped::On(Box::new(Situation { intent, ..after(kari, before, request, ledger).await })))
}

/// How things are after something was recorded. The setting for the warning is read once a call at most.
async fn after(
    kari: &Kari,
    before: &Situation,
    request: Loaded<AccessRequest>,
    ledger: Loaded<Ledger>,
) -> Situation {
    let warning = match before.request.state {
        AccessRequest::Activating(_) | AccessRequest::Active(_) => before.warning,
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Ending(_)
        | AccessRequest::Closed(_) => warning_for(kari, &request.state).await,
    };
    let (submission, now) = (before.submission.clone(), kari.clock.now());
    Situation { request, ledger, submission, warning, intent: Intent::Read, now }
}

pub(crate) fn system(kari: &Kari, now: Instant, reason: SystemReason) -> Transaction<'_> {
    let cause = if reason == SystemReason::Operator { Cause::Operator } else { Cause::Advance };
    Transaction::new(kari, now, Actor::System { reason }, cause)
}

async fn settle(kari: &Kari, situation: &Situation, why: Why, patience: Patience) -> Result<Stepped, Error> {
    let deadline = deadline(&situation.request.state, &situation.ledger.state);
    let deadline = deadline.filter(|deadline| *deadline > situation.now);
    let (tuple, ledger) = (situation.submission.tuple(), situation.ledger.clone());
    let driver = Driver { request: &situation.request, warning: situation.warning };
    match settle_loaded(kari, &tuple, ledger, patience, situation.intent, Some(driver)).await? {
        Settled::Changed(None) => Ok(Stepped::Anew),
        Settled::Changed(Some(recorded)) => {
            let Recorded { ledger, request } = *recorded;
            let request = request.unwrap_or_else(|| situation.request.clone());
            Ok(Stepped::On(Box::new(after(kari, situation, request, ledger).await)))
        }
        Settled::At(at) => {
            Ok(Stepped::Rest(Advanced::At(deadline.map_or(at, |deadline| at.min(deadline)), why)))
        }
        Settled::EndHolders(_) | Settled::Rest => {
            Ok(Stepped::Rest(Advanced::At(next_try(kari, situation), why)))
        }
    }
}

/// When to see again whether what others do is done. An activation that waits for them comes back ever
/// more rarely, with jitter, so that many do not come at once; but in time to be given up.
fn next_try(kari: &Kari, situation: &Situation) -> Instant {
    let AccessRequest::Approved(approved) = &situation.request.state else { return situation.now + SOON };
    let now = kari.clock.now();
    let pause = ledger::back_off(activation_due_at(approved), now);
    (now + SHORTEST_WAIT + kari.ids.jitter(pause)).min(activation_deadline(approved))
}
