//! Ending access early. Recorded here, at once, are the wish and that the request holds its tuple no longer;
//! whoever drives either carries it out.

use kari_domain::audit::{Cause, StreamId};
use kari_domain::ids::RequestId;
use kari_domain::ledger::{self, Ledger, LedgerEvent};
use kari_domain::mutants::{Mutant, on};
use kari_domain::request::{AccessRequest, Asked, Command, Refusal, RequestEvent, RevokeRight, Revoker};
use kari_domain::text::Comment;

use crate::caller::Caller;
use crate::change_request::{Change, change_request};
use crate::facts::{Wish, live_verdict, permission_set, target_requirements};
use crate::ports::ItemKey;
use crate::reconcile::take_out_by;
use crate::relay::tell_unreadable;
use crate::transaction::Transaction;
use crate::{Error, Kari, Loaded, load_ledger};

/// Revokes a grant: the requester, current reviewers of the target and administrators may. `None` where an
/// administrator ended access by the ledger alone, because the request cannot be read.
///
/// # Errors
/// A refusal by the domain; [`Error::NotFound`] if there is no such request; [`Error::Corrupt`] if it cannot be
/// read and nothing was ended.
pub async fn revoke_grant(
    kari: &Kari,
    caller: &Caller,
    cause: Cause,
    id: RequestId,
    comment: Option<Comment>,
) -> Result<Option<AccessRequest>, Error> {
    let revoked = change_request(kari, caller, cause, id, &Change::Revoke(comment)).await;
    // NB. Removal never depends on replay. Whose request it is and who may review it is not known then, so that it
    // is for administrators alone.
    let is_unreadable = matches!(revoked, Err(Error::Corrupt(_)));
    if is_unreadable && caller.administrator && end_unreadable(kari, caller, cause, id).await? {
        return Ok(None);
    }
    revoked.map(Some)
}

/// Takes a request that cannot be read out of the ledger of the assignment that lists find it by. The workflow could
/// not read it either: whoever looks for what is due removes the assignment, within two minutes. Returns whether the
/// request held it until now.
async fn end_unreadable(kari: &Kari, caller: &Caller, cause: Cause, id: RequestId) -> Result<bool, Error> {
    let stream = StreamId::request(id);
    let item = kari.store.item(&ItemKey::from(&stream)).await?;
    let Some(listed) = item.and_then(|item| item.request) else { return Ok(false) };
    let begin = || {
        let mut transaction = Transaction::new(kari, kari.clock.now(), caller.actor(), cause);
        transaction.by(caller);
        transaction
    };
    let ended = take_out_by(kari, &listed.tuple(), id, begin).await?;
    if let Err(error) = tell_unreadable(kari, &stream).await {
        tracing::warn!(%stream, %error, "administrators could not be told; the next drive tells them");
    }
    Ok(ended)
}

/// The revocation as a command, by facts read now.
pub(crate) async fn revoke(
    kari: &Kari,
    caller: &Caller,
    asked: &Asked,
    comment: Option<&Comment>,
) -> Result<Command, Error> {
    let right = revoke_right(kari, caller, asked).await?;
    if on(Mutant::RevokesOnlyTheEligible) {
        let policies = kari.policies.current().await?;
        let verdict = live_verdict(kari, &policies, &Wish::from(&asked.submission)).await?;
        if !verdict.reasons().is_empty() {
            return Err(Refusal::Ineligible { reasons: verdict.reasons().to_vec() }.into());
        }
    }
    let by = Revoker { id: caller.user.id.clone(), label: caller.user.display_name.clone(), right };
    Ok(Command::Revoke { by, comment: comment.cloned() })
}

/// By what right, besides being the requester. Ending needs no eligibility, so the requester and
/// administrators are not kept from it by policies or a directory that cannot be read. A reviewer's right may rest on
/// policies that change at this moment: it only takes access away.
async fn revoke_right(kari: &Kari, caller: &Caller, asked: &Asked) -> Result<RevokeRight, Error> {
    if caller.administrator || asked.submission.requester == caller.user.id {
        return Ok(caller.revoke_right(asked, None));
    }
    let policies = kari.policies.current().await?;
    let target = &asked.submission.target;
    let account = kari.directory.account(&target.account).await?;
    let permission_set = permission_set(kari, &target.permission_set).await?;
    let now = target_requirements(&policies, account.as_ref(), permission_set.as_ref());
    Ok(caller.revoke_right(asked, Some(&now)))
}

/// What a revocation means for the tuple: the request leaves it in the same append. So the end is in the ledger
/// as well, by which access ends even where the request cannot be read any more. `None` if nothing was revoked.
///
/// # Errors
/// [`Error::Unavailable`] if the store failed.
pub(crate) async fn leave(
    kari: &Kari,
    asked: &Asked,
    events: &[RequestEvent],
) -> Result<Option<(Loaded<Ledger>, Vec<LedgerEvent>)>, Error> {
    if !events.iter().any(|event| matches!(event, RequestEvent::RevocationRequested { .. })) {
        return Ok(None);
    }
    let ledger = match load_ledger(kari, &asked.submission.tuple()).await {
        Ok(ledger) => ledger,
        // That somebody wants it ended is recorded all the same.
        Err(Error::Corrupt(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let left = ledger::leave(&ledger.state, asked.submission.id);
    Ok(Some((ledger, left)))
}
