use std::collections::BTreeSet;

use kari_application::Error;
use kari_application::browse::{ensure_visible, surroundings};
use kari_application::caller::Caller;
use kari_application::one_time::was_used;
use kari_application::review_request::review_request;
use kari_domain::audit::Cause;
use kari_domain::ids::{BatchId, RequestId};
use kari_domain::request::Decision;
use kari_domain::text::Comment;
use kari_slack::Language;
use uuid::Uuid;

use super::Doing;
use crate::prompt::{Trouble, passes};
use crate::requests::waiting_of;
use crate::who::Reader;

/// What somebody decided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Review<'a> {
    pub(super) decision: Decision,
    pub(super) comment: Option<&'a Comment>,
    /// Of a batch nothing but these is approved. NB. Everything of it that they may review is denied: it is a form that
    /// says so.
    pub(super) seen: &'a BTreeSet<RequestId>,
}

/// Reviews each of the requests, evaluated afresh. One that is refused keeps nothing of the others.
pub(super) async fn review(doing: &Doing<'_>, ids: &[Uuid], review: &Review<'_>) -> Result<(), Trouble> {
    let language = doing.language();
    let caller = doing.somebody.commander(doing.app).await;
    let caller = doing.served(caller).await?.by(doing.job.one_time());
    let mut results = vec![];
    for id in ids {
        match review_one(doing, &caller, RequestId(*id), review).await {
            // NB. The button of a batch brings one id; several are of requests that were chosen.
            Err(Error::NotFound) => {
                results.extend(review_batch(doing, &caller, *id, review, ids.len() == 1).await);
            }
            result => results.push(result),
        }
    }
    doing.refresh_home().await;
    let refused: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    // What passes comes first: then all of it is done again, and what was done stays.
    let told_of = refused.iter().find(|error| passes(error)).or(refused.first());
    told_of.map_or(Ok(()), |error| Err(told(language, results.len(), refused.len(), error)))
}

/// What waits of the batch with this id, which may be `alone` in the job. What is none, or nothing for them, is not
/// found.
async fn review_batch(
    doing: &Doing<'_>,
    caller: &Caller,
    id: Uuid,
    review: &Review<'_>,
    alone: bool,
) -> Vec<Result<(), Error>> {
    let members = match surroundings(&doing.app.kari).await {
        Ok(around) => {
            let reader = Reader { caller: caller.clone(), around: around.in_chat() };
            waiting_of(&doing.app.kari, &reader, BatchId(id)).await
        }
        Err(error) => Err(error),
    };
    let members = match members {
        Ok(members) => members,
        Err(error) => return vec![Err(error)],
    };
    let is_meant = |id: &RequestId| review.decision == Decision::Deny || review.seen.contains(id);
    let members = members.iter().filter_map(|member| member.request.asked());
    let members: Vec<_> = members.map(|asked| asked.submission.id).filter(is_meant).collect();
    if members.is_empty() {
        match was_used(&doing.app.kari, &doing.job.one_time()).await {
            // An earlier try of this very job did all of it.
            Ok(true) if alone => return vec![],
            Ok(_) => {}
            Err(error) => return vec![Err(error)],
        }
        doing.record(caller, command(review.decision), Some(RequestId(id)), &Error::NotFound).await;
        return vec![Err(Error::NotFound)];
    }
    let mut results = vec![];
    for member in members {
        results.push(review_one(doing, caller, member, review).await);
    }
    results
}

async fn review_one(
    doing: &Doing<'_>,
    caller: &Caller,
    request: RequestId,
    review: &Review<'_>,
) -> Result<(), Error> {
    let (kari, comment) = (&doing.app.kari, review.comment.cloned());
    let reviewed = review_request(kari, caller, Cause::Slack, request, review.decision, comment).await;
    let Err(refused) = reviewed else { return Ok(()) };
    // NB. Whoever may not see a request learns nothing from commanding it, not even its state.
    let refused = match ensure_visible(kari, caller, request).await {
        Ok(()) => refused,
        Err(hidden) => hidden,
    };
    // What is not found may be a batch.
    if !matches!(refused, Error::NotFound) {
        doing.record(caller, command(review.decision), Some(request), &refused).await;
    }
    Err(refused)
}

pub(super) fn command(decision: Decision) -> &'static str {
    match decision {
        Decision::Approve => "approve",
        Decision::Deny => "deny",
    }
}

/// What is said of several that were refused: how many, and why one of them.
fn told(language: Language, all: usize, refused: usize, why: &Error) -> Trouble {
    let trouble = Trouble::failed(language, why);
    if all == 1 {
        return trouble;
    }
    let text = &trouble.text;
    let done = all - refused;
    let text = match language {
        Language::En => format!("Done for {done} of {all} requests. The others: {text}"),
        Language::Ja => format!("{all}件中{done}件を処理しました。残りの申請：{text}"),
    };
    Trouble { text, ..trouble }
}
