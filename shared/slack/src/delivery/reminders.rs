//! Reviewers are reminded, once, where the card stands: of a batch once for all that still waits of it.

use kari_application::ports::{Shown, Unavailable};
use kari_domain::request::AccessRequest;
use kari_domain::settings::{Language, Settings};
use kari_texts::{LetterKind, Names};

use super::Delivery;
use super::cards::card_id;
use super::content::Content;
use super::mail::{Address, Item, OnlyWhile};
use super::places::is_place;
use super::undone::NoSuchPlace;
use crate::messages::{Letter, among_others, letter};

impl Delivery {
    /// Reminds reviewers at each place that has the card.
    pub(super) async fn remind_reviewers(
        &self,
        pending: &Shown,
        settings: &Settings,
    ) -> Result<(), Unavailable> {
        let Some(asked) = pending.state.asked() else { return Ok(()) };
        // One that was never posted is posted now.
        self.show_card(pending, true, settings).await?;
        let id = card_id(asked);
        let (kept, around) = (self.kept(&id).await?, self.around(settings, true).await?);
        let Some(content) = self.content(&id, pending, &kept, &around).await? else { return Ok(()) };
        let about = format!("remind/{id}");
        let mut outcome = Ok(());
        for (place, revision, copy) in &kept.copies {
            // What was found besides stands where another copy does, and what was left where nothing is taken. Where only
            // others of its batch are asked, they remind.
            if !is_place(place) || !content.waiting_in(place).contains(&asked.submission.id) {
                continue;
            }
            if let Some((channel, _)) = copy.posted.clone().filter(|_| !copy.gone) {
                let (name, language) = (place.clone(), copy.language);
                let to = Address { name, target: channel, language, patient: false };
                let item = self.reminder(&content, place, language);
                let sent = self.send(&to, &about, asked.submission.lapses_at, &item).await;
                // The next round has the card, and the reminder, with those who are asked there.
                if sent.as_ref().is_err_and(|error| error.source.is::<NoSuchPlace>()) {
                    self.shut_copy(&id, place, *revision, copy).await?;
                }
                outcome = outcome.and(sent);
            }
        }
        outcome
    }

    fn reminder(&self, content: &Content<'_>, place: &str, language: Language) -> Item {
        let request: &AccessRequest = &content.shown.state;
        let waiting = content.waiting_in(place);
        let letter_of = Letter {
            kind: LetterKind::Remind,
            request: Some(request),
            of_batch: waiting.len(),
            mentioned: content.mentioned_in(place),
            names: Names(&content.around.snapshot),
            language,
            links: &self.links,
        };
        Item {
            line: among_others(&letter_of),
            message: letter(&letter_of),
            ready: None,
            only_while: Some(OnlyWhile::Pending(waiting)),
        }
    }
}
