//! What the answer to a transaction says about it.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::CancellationReason;
use kari_application::ports::{Conflict, Unavailable};

use super::transaction::{Action, Learned, Meaning};
use super::{row, unavailable};

/// What is wrong with a transaction each time that it is sent.
const NEVER_CARRIED_OUT: [&str; 2] = ["ResourceNotFoundException", "ValidationException"];

/// Why a transaction was not (or perhaps was) carried out.
#[derive(Debug)]
pub(super) enum Cancelled {
    Conflict(Conflict),
    /// Knowing this, the rest may go on.
    Learned(Learned),
    /// Others use the same rows at this moment, or there were too many: the same again, a little later.
    Crowded,
    /// AWS did not carry it out this time. NB. It may have before, where the SDK got no answer and sent it again.
    Refused(Unavailable),
    /// It certainly did not happen.
    Unavailable(Unavailable),
    /// It may or may not have happened.
    Unknown(Unavailable),
}

pub(super) fn why(error: SdkError<TransactWriteItemsError>, actions: &[Action]) -> Cancelled {
    match &error {
        SdkError::ConstructionFailure(_) => return Cancelled::Unavailable(unavailable(error)),
        SdkError::ServiceError(service) => match service.err() {
            TransactWriteItemsError::TransactionCanceledException(cancelled) => {
                // NB. Had it been carried out when it was sent before, this answer would say so: it has the same token.
                let reasons = cancelled.cancellation_reasons();
                return by_reasons(reasons, actions)
                    .unwrap_or_else(|| Cancelled::Unavailable(unavailable(error)));
            }
            TransactWriteItemsError::ProvisionedThroughputExceededException(_)
            | TransactWriteItemsError::RequestLimitExceeded(_)
            | TransactWriteItemsError::ThrottlingException(_)
            | TransactWriteItemsError::TransactionInProgressException(_) => return Cancelled::Crowded,
            other if other.code().is_some_and(|code| NEVER_CARRIED_OUT.contains(&code)) => {
                return Cancelled::Unavailable(unavailable(error));
            }
            // What AWS calls the caller's mistake.
            _ if service.raw().status().is_client_error() => return Cancelled::Refused(unavailable(error)),
            _ => {}
        },
        _ => {}
    }
    // NB. Whatever is not known to have been refused may have happened: one reads back.
    Cancelled::Unknown(unavailable(error))
}

/// What the reasons say, the gravest first; `None` if they say nothing that is known.
fn by_reasons(reasons: &[CancellationReason], actions: &[Action]) -> Option<Cancelled> {
    let unmet = || {
        let given = reasons.iter().zip(actions);
        given.filter(|(reason, _)| reason.code() == Some("ConditionalCheckFailed"))
    };
    if let Some(conflict) = unmet().find_map(|(reason, (_, meaning))| conflict(reason, meaning)) {
        return Some(Cancelled::Conflict(conflict));
    }
    let mut learned = Learned::default();
    for (_, (_, meaning)) in unmet() {
        learned.extend(lesson(meaning));
    }
    if !learned.is_empty() {
        return Some(Cancelled::Learned(learned));
    }
    let crowded = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
    let is_crowded = |reason: &CancellationReason| reason.code().is_some_and(|code| crowded.contains(&code));
    reasons.iter().any(is_crowded).then_some(Cancelled::Crowded)
}

fn conflict(reason: &CancellationReason, meaning: &Meaning) -> Option<Conflict> {
    match meaning {
        Meaning::Stream(stream) => Some(Conflict::Version { stream: stream.clone() }),
        Meaning::End(stream) => {
            reason.item().and_then(row::head).map(|_| Conflict::Version { stream: stream.clone() })
        }
        Meaning::Claim(key) => {
            let holder = reason.item().and_then(|holder| row::get(holder, "value"));
            let held_by = holder.unwrap_or_default().to_owned();
            Some(Conflict::Claim { key: key.clone(), held_by })
        }
        Meaning::NotHeld(_) | Meaning::Impossible => None,
    }
}

fn lesson(meaning: &Meaning) -> Learned {
    match meaning {
        Meaning::NotHeld(key) => Learned { not_held: [key.clone()].into(), ..Learned::default() },
        Meaning::End(stream) => Learned { unrecorded: [stream.clone()].into(), ..Learned::default() },
        Meaning::Stream(_) | Meaning::Claim(_) | Meaning::Impossible => Learned::default(),
    }
}
