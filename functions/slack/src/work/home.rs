use kari_application::browse::{Seen, View, list_requests};
use kari_application::ports::{PageRequest, RequestFilter};
use kari_application::{Error, Kari};
use kari_domain::request::RequestState;
use kari_slack::views::{HomeContent, Line, MOST_LISTED, home, notice_home};

use super::Doing;
use crate::prompt::Trouble;
use crate::say;
use crate::who::Reader;

/// Shows somebody's App Home. To whoever is nobody here it says so.
pub(super) async fn show(doing: &Doing<'_>) -> Result<(), Trouble> {
    let (app, language) = (doing.app, doing.language());
    let view = match doing.somebody.reader(app).await {
        Ok(reader) => {
            let lists = Lists::of(&app.kari, &reader).await;
            let lists = lists.map_err(|error| Trouble::failed(language, &error))?;
            home(language, &lists.content(&reader, &app.portal_url))
        }
        Err(why) => notice_home(&doing.trouble(&why).text),
    };
    say::publish(app, &doing.job.by, view).await.map_err(|error| Trouble::call(language, &error))
}

struct Lists {
    active: Vec<Seen>,
    pending: Vec<Seen>,
    to_review: Vec<Seen>,
    more: bool,
}

impl Lists {
    async fn of(kari: &Kari, reader: &Reader) -> Result<Self, Error> {
        let page = PageRequest { limit: MOST_LISTED, after: None };
        let list = async |view, states: Vec<RequestState>| {
            let requester = (view != View::ToReview).then(|| reader.caller.user.id.clone());
            let filter = RequestFilter { states, requester, ..RequestFilter::default() };
            list_requests(kari, &reader.caller, &reader.around, view, &filter, &page).await
        };
        let active = list(View::Active, vec![]).await?;
        let pending = list(View::Mine, vec![RequestState::Pending]).await?;
        let to_review = list(View::ToReview, vec![]).await?;
        let more = [&active.next, &pending.next, &to_review.next].iter().any(|next| next.is_some());
        Ok(Self { active: active.items, pending: pending.items, to_review: to_review.items, more })
    }

    fn content<'a>(&'a self, reader: &'a Reader, portal_url: &'a str) -> HomeContent<'a> {
        let snapshot = &*reader.around.snapshot;
        let lines = |seen: &'a [Seen]| seen.iter().map(|seen| Line { seen, snapshot }).collect();
        HomeContent {
            active: lines(&self.active),
            pending: lines(&self.pending),
            to_review: lines(&self.to_review),
            more: self.more,
            portal_url,
        }
    }
}
