//! A reviewer's approve or deny. The portal and Slack run this very use case.

use kari_domain::audit::Cause;
use kari_domain::directory::Subject;
use kari_domain::ids::RequestId;
use kari_domain::request::{AccessRequest, Command, Decision, RequestEvent, ReviewFacts, decide};
use kari_domain::text::Comment;

use crate::caller::Caller;
use crate::facts::{Wish, live_subject, live_verdict};
use crate::transaction::{ATTEMPTS, Committed, Transaction};
use crate::{Error, Kari, Loaded, load_request};

/// Records a review, evaluated afresh.
///
/// # Errors
/// A refusal by the domain; [`Error::NotFound`] if there is no such request.
pub async fn review_request(
    kari: &Kari,
    caller: &Caller,
    cause: Cause,
    id: RequestId,
    decision: Decision,
    comment: Option<Comment>,
) -> Result<AccessRequest, Error> {
    for _ in 0..ATTEMPTS {
        let loaded = load_request(kari, id).await?;
        let policies = kari.policies.current().await?;
        let asked = loaded.state.asked().ok_or(Error::NotFound)?;
        let verdict = live_verdict(kari, &policies, &Wish::from(&asked.submission)).await?;
        let evaluated_with = verdict.policy_set_version;
        let facts = ReviewFacts {
            reviewer: caller.subject.clone(),
            label: caller.user.display_name.clone(),
            decision,
            comment: comment.clone(),
            verdict,
            earlier: earlier_approvers(kari, &loaded).await?,
            now: kari.clock.now(),
        };
        let now = facts.now;
        let events = decide(&loaded.state, &Command::Review(Box::new(facts)))?;
        let mut transaction = Transaction::new(kari, now, caller.actor(), cause);
        let warning = policies.policy_set().settings.expiry_warning_minutes;
        let next = transaction.record_request(&loaded, &events, warning)?;
        transaction.evaluated_with(evaluated_with);
        if transaction.commit().await? == Committed::Yes {
            start_if_approved(kari, id, &events).await;
            return Ok(next);
        }
    }
    Err(Error::Busy)
}

async fn earlier_approvers(kari: &Kari, loaded: &Loaded<AccessRequest>) -> Result<Vec<Subject>, Error> {
    let mut approvers = vec![];
    let reviews = loaded.state.asked().map(|asked| asked.reviews.as_slice()).unwrap_or_default();
    for review in reviews.iter().filter(|review| review.decision == Decision::Approve) {
        approvers.push(live_subject(kari, &review.reviewer).await?);
    }
    Ok(approvers)
}

/// A hint only: the relay starts the workflow for certain.
async fn start_if_approved(kari: &Kari, id: RequestId, events: &[RequestEvent]) {
    if !events.iter().any(|event| matches!(event, RequestEvent::Approved { .. })) {
        return;
    }
    if let Err(error) = kari.workflow.start(id).await {
        tracing::info!(request.id = %id, %error, "the workflow was not started at once; the relay will");
    }
}
