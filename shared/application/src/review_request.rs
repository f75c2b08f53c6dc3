//! A reviewer's approve or deny. The portal and Slack run this very use case.

use kari_domain::audit::Cause;
use kari_domain::directory::Subject;
use kari_domain::ids::RequestId;
use kari_domain::policy::CompiledPolicies;
use kari_domain::request::{AccessRequest, Asked, Command, Decision, ReviewFacts};
use kari_domain::text::Comment;

use crate::caller::Caller;
use crate::change_request::{Change, change_request};
use crate::facts::{Wish, live_assessment, live_subject};
use crate::{Error, Kari};

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
    change_request(kari, caller, cause, id, &Change::Review(decision, comment)).await
}

/// The review as a command, by these policies and facts read now.
pub(crate) async fn review(
    kari: &Kari,
    policies: &CompiledPolicies,
    caller: &Caller,
    cause: Cause,
    asked: &Asked,
    (decision, comment): (Decision, Option<&Comment>),
) -> Result<Command, Error> {
    let facts = ReviewFacts {
        reviewer: caller.subject.clone(),
        label: caller.user.display_name.clone(),
        decision,
        comment: comment.cloned(),
        assessment: live_assessment(kari, policies, &Wish::from(&asked.submission)).await?,
        earlier: earlier_approvers(kari, asked).await?,
        through: cause,
        now: kari.clock.now(),
    };
    Ok(Command::Review(Box::new(facts)))
}

async fn earlier_approvers(kari: &Kari, asked: &Asked) -> Result<Vec<Subject>, Error> {
    let mut approvers = vec![];
    for review in asked.reviews.iter().filter(|review| review.decision == Decision::Approve) {
        approvers.push(live_subject(kari, &review.reviewer).await?);
    }
    Ok(approvers)
}
