//! Cards are taken back from accounts in Slack that speak for their reader no more, where only links count.

use std::collections::BTreeSet;

use kari_application::chat_links::in_slack;
use kari_application::ports::Unavailable;

use super::Delivery;
use super::content::{Around, Content};
use super::copies::{Copy, Kept, Whose};
use crate::messages::kept_elsewhere;

const TAKEN_BACK: &str = "taken-back/";

impl Delivery {
    /// Takes back what stands with an account that is linked to its reader no more: nothing of the request is left there,
    /// and nothing comes there again. Whoever is to be asked elsewhere by now has no copy then. Returns whether anything
    /// was taken back.
    pub(super) async fn take_back(
        &self,
        content: &Content<'_>,
        kept: &mut Kept,
    ) -> Result<bool, Unavailable> {
        if !content.around.settings.slack_linked_only {
            return Ok(false);
        }
        let mut taken_back = false;
        for (place, revision, copy) in &kept.copies {
            if !self.is_with_its_reader(copy, content.around).await? {
                self.take_one_back(content, place, *revision, copy).await?;
                taken_back = true;
            }
        }
        if taken_back {
            *kept = self.kept(content.id).await?;
        }
        Ok(taken_back)
    }

    /// NB. By the links as they are at this moment, and by all of them: somebody may have linked several accounts.
    async fn is_with_its_reader(&self, copy: &Copy, around: &Around<'_>) -> Result<bool, Unavailable> {
        let (Some(Whose { user, account }), Some(_), false) = (&copy.whose, &copy.posted, copy.gone) else {
            return Ok(true);
        };
        let links = self.links_of(&around.snapshot, user).await?;
        let linked: BTreeSet<_> =
            links.iter().filter_map(|link| in_slack(&link.account)).map(|(_, id)| id).collect();
        Ok(linked.contains(account.as_str()))
    }

    async fn take_one_back(
        &self,
        content: &Content<'_>,
        place: &str,
        revision: u64,
        copy: &Copy,
    ) -> Result<(), Unavailable> {
        let Some((channel, ts)) = &copy.posted else { return Ok(()) };
        let mut held = self.hold_copy(content.id, place, revision, copy.clone()).await?;
        // NB. Remembered for what it is, or the next press of its buttons would find it.
        let taken_back = Copy { gone: true, held_until: None, ..copy.clone() };
        self.keep_copy(content.id, &format!("{TAKEN_BACK}{channel}/{ts}"), &taken_back).await?;
        let message = kept_elsewhere(copy.language, &self.links.portal);
        let outcome = self.rewrite(&mut held, message, content.version).await;
        if outcome.is_ok() {
            held.copy = Copy { posted: None, rendered: 0, gone: false, whose: None, ..held.copy };
        }
        self.give_back(content.id, held).await?;
        outcome
    }
}
