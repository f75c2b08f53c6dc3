//! Cards are taken back from whoever may not see the request any more, and, where only links count, from accounts in
//! Slack that speak for their reader no more.

use std::collections::BTreeSet;

use kari_application::browse::exists_for;
use kari_application::chat_links::in_slack;
use kari_application::ports::Unavailable;
use kari_domain::ids::UserId;
use kari_domain::policy::AppliedRequirement;
use kari_domain::time::Instant;

use super::Delivery;
use super::content::{Around, Content};
use super::copies::{Copy, Kept, Whose};
use super::places::{place_of, places_to_ask};
use super::progress::requirements_now;
use super::undone::is_of_one_message;
use crate::messages::kept_elsewhere;

const TAKEN_BACK: &str = "taken-back/";

/// What was to be taken back.
#[derive(Debug, Default)]
pub(super) struct TakenBack {
    /// Whether anything was.
    pub any: bool,
    /// The places where Slack would not do it now. NB. Nothing else of the request comes there.
    pub failed: BTreeSet<String>,
}

impl Delivery {
    /// Takes back what stands with somebody who is no reader any more, or with an account that is linked to its reader no
    /// more: nothing of the request is left there, and nothing comes there again. Whoever is to be asked elsewhere by now
    /// has no copy then.
    ///
    /// NB. By the policies as they are now, as in the portal, also once it is decided.
    pub(super) async fn take_back(
        &self,
        content: &Content<'_>,
        kept: &mut Kept,
    ) -> Result<TakenBack, Unavailable> {
        let mut taken_back = TakenBack::default();
        if !kept.copies.iter().any(|(_, _, copy)| copy.whose.is_some() && stands(copy)) {
            return Ok(taken_back);
        }
        // By an empty directory nobody would be a reader any more.
        if content.around.snapshot.synced_at <= Instant::UNIX_EPOCH {
            return Ok(taken_back);
        }
        let around = self.with_policies(content.around).await?;
        let now = requirements_now(content.asked, around.policies.as_deref(), &around.snapshot);
        for (place, revision, copy) in &kept.copies {
            let Some(Whose { user, account }) = copy.whose.as_ref().filter(|_| stands(copy)) else {
                continue;
            };
            if !self.may_read(content, user, &now, &around) || !self.is_linked(account, user, &around).await?
            {
                if self.take_one_back(content, place, *revision, copy).await? {
                    taken_back.any = true;
                } else {
                    taken_back.failed.insert(place.clone());
                }
            }
        }
        if taken_back.any || !taken_back.failed.is_empty() {
            *kept = self.kept(content.id).await?;
        }
        Ok(taken_back)
    }

    /// Whether somebody may see the request, or is to be told of it, as far as that is known here: of a batch the others
    /// are not read, which may be theirs.
    fn may_read(
        &self,
        content: &Content<'_>,
        user: &UserId,
        now: &[AppliedRequirement],
        around: &Around<'_>,
    ) -> bool {
        content.asked.submission.batch.is_some()
            || exists_for(&self.kari, &around.snapshot, user, &content.shown.state, now)
            || places_to_ask(content.asked, now, around).contains(&place_of(user))
    }

    /// Whether an account is linked to its reader, where that counts. NB. By the links as they are at this moment, and by
    /// all of them: somebody may have linked several accounts.
    async fn is_linked(
        &self,
        account: &str,
        user: &UserId,
        around: &Around<'_>,
    ) -> Result<bool, Unavailable> {
        if !around.settings.slack_linked_only {
            return Ok(true);
        }
        let links = self.links_of(&around.snapshot, user).await?;
        let linked: BTreeSet<_> =
            links.iter().filter_map(|link| in_slack(&link.account)).map(|(_, id)| id).collect();
        Ok(linked.contains(account))
    }

    /// Returns whether it is; if not, it is behind, and so tried again.
    async fn take_one_back(
        &self,
        content: &Content<'_>,
        place: &str,
        revision: u64,
        copy: &Copy,
    ) -> Result<bool, Unavailable> {
        let Some((channel, ts)) = &copy.posted else { return Ok(true) };
        let mut held = self.hold_copy(content.id, place, revision, copy.clone()).await?;
        // NB. Remembered for what it is, or the next press of its buttons would find it.
        let taken_back = Copy { gone: true, held_until: None, ..copy.clone() };
        self.keep_copy(content.id, &format!("{TAKEN_BACK}{channel}/{ts}"), &taken_back).await?;
        let message = kept_elsewhere(copy.language, &self.links.portal);
        let outcome = match self.rewrite(&mut held, message, content.version).await {
            Ok(()) => {
                held.copy = Copy { posted: None, rendered: 0, gone: false, whose: None, ..held.copy };
                Ok(true)
            }
            Err(error) if is_of_one_message(&error) => {
                held.copy = Copy { rendered: 0, given_up: 0, ..held.copy };
                Ok(false)
            }
            Err(error) => Err(error),
        };
        self.give_back(content.id, held).await?;
        outcome
    }
}

fn stands(copy: &Copy) -> bool {
    copy.posted.is_some() && !copy.gone
}
