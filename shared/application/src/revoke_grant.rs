//! Ending access early. Only the wish is recorded here; `advance` carries it out.

use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use kari_domain::mutants::{Mutant, on};
use kari_domain::policy::can_review;
use kari_domain::request::{AccessRequest, Asked, Command, Refusal, RevokeRight, Revoker, decide};
use kari_domain::text::Comment;

use crate::caller::Caller;
use crate::facts::{Wish, live_verdict, permission_set, requirements_in_force};
use crate::load::expiry_warning;
use crate::transaction::{ATTEMPTS, Committed, Transaction};
use crate::{Error, Kari, load_request};

/// Revokes a grant: the requester, current reviewers of the target and administrators may.
///
/// # Errors
/// A refusal by the domain; [`Error::NotFound`] if there is no such request.
pub async fn revoke_grant(
    kari: &Kari,
    caller: &Caller,
    cause: Cause,
    id: RequestId,
    comment: Option<Comment>,
) -> Result<AccessRequest, Error> {
    for _ in 0..ATTEMPTS {
        let loaded = load_request(kari, id).await?;
        let asked = loaded.state.asked().ok_or(Error::NotFound)?;
        let right = revoke_right(kari, caller, asked).await?;
        if on(Mutant::RevokesOnlyTheEligible) {
            let policies = kari.policies.current().await?;
            let verdict = live_verdict(kari, &policies, &Wish::from(&asked.submission)).await?;
            if !verdict.reasons().is_empty() {
                return Err(Refusal::Ineligible { reasons: verdict.reasons().to_vec() }.into());
            }
        }
        let by = Revoker { id: caller.user.id.clone(), label: caller.user.display_name.clone(), right };
        let now = kari.clock.now();
        let events = decide(&loaded.state, &Command::Revoke { by, comment: comment.clone(), now })?;
        let mut transaction = Transaction::new(kari, now, caller.actor(), cause);
        let next = transaction.record_request(&loaded, &events, expiry_warning(kari).await)?;
        if transaction.commit().await? == Committed::Yes {
            if !events.is_empty() {
                hint(kari, id).await;
            }
            return Ok(next);
        }
    }
    Err(Error::Busy)
}

/// By what right, besides being the requester. Ending needs no eligibility, so the requester and
/// administrators are not kept from it by policies or a directory that cannot be read.
async fn revoke_right(kari: &Kari, caller: &Caller, asked: &Asked) -> Result<RevokeRight, Error> {
    if caller.administrator {
        return Ok(RevokeRight::Administrator);
    }
    if asked.submission.requester == caller.user.id {
        return Ok(RevokeRight::None);
    }
    let policies = kari.policies.current().await?;
    let target = &asked.submission.target;
    let account = kari.directory.account(&target.account).await?;
    let permission_set = permission_set(kari, &target.permission_set).await?;
    let requirements = requirements_in_force(&policies, account.as_ref(), permission_set.as_ref(), asked);
    let reviewer = can_review(&requirements, &caller.subject, &asked.submission.requester);
    Ok(if reviewer { RevokeRight::Reviewer } else { RevokeRight::None })
}

/// A hint only: the relay starts the end for certain.
async fn hint(kari: &Kari, id: RequestId) {
    if let Err(error) = kari.workflow.start_end(id).await {
        tracing::info!(request.id = %id, %error, "the end was not started at once; the relay will");
    }
}
