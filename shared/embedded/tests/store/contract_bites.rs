//! The contract of the store finds stores that are wrong: for each fault, the law that it breaks
//! fails.

use std::panic::{AssertUnwindSafe, catch_unwind};

use async_trait::async_trait;
use futures::executor::block_on;
use futures::future::LocalBoxFuture;
use kari_application::contract::event_store as law;
use kari_application::ports::{
    Append, AppendError, AuditFilter, AuditRecord, ClaimChange, Due, EventStore, Item, ItemKey, ListError,
    Page, PageRequest, RequestFilter, RequestScope, Unavailable,
};
use kari_domain::audit::StreamId;
use kari_domain::ids::AppendId;
use kari_domain::time::Instant;
use kari_embedded::store::SqliteStore;

/// What is wrong with a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Nothing,
    /// Says yes and does nothing.
    ForgetsAppends,
    ForgetsWhatMustBeUnchanged,
    ForgetsClaims,
    ClaimsNeverExpire,
    /// Does what an append asks for one stream after the other.
    AppendsPiecemeal,
    /// Takes an append that happened before for a conflict.
    ForgetsAppendIds,
    TidiesBytes,
    ListsDueByKey,
    LosesTheLastOfAPage,
    IgnoresBadCursors,
}

struct Broken {
    inner: SqliteStore,
    fault: Fault,
}

impl Broken {
    fn page<T>(&self, mut page: Page<T>) -> Page<T> {
        if self.fault == Fault::LosesTheLastOfAPage && page.next.is_some() {
            page.items.pop();
        }
        page
    }

    fn asked(&self, page: &PageRequest) -> PageRequest {
        let ignores = self.fault == Fault::IgnoresBadCursors;
        PageRequest { after: page.after.clone().filter(|_| !ignores), ..*page }
    }

    async fn piecemeal(&self, append: &Append) -> Result<(), AppendError> {
        for stream in &append.streams {
            self.inner.append(&Append { streams: vec![stream.clone()], ..append.clone() }).await?;
        }
        Ok(())
    }
}

fn without_end(claim: &ClaimChange) -> ClaimChange {
    match claim.clone() {
        ClaimChange::Take { key, value, until: _ } => ClaimChange::Take { key, value, until: None },
        release @ ClaimChange::Release { .. } => release,
    }
}

#[async_trait]
impl EventStore for Broken {
    async fn append(&self, append: &Append) -> Result<(), AppendError> {
        let mut append = append.clone();
        match self.fault {
            Fault::ForgetsAppends => return Ok(()),
            Fault::AppendsPiecemeal => return self.piecemeal(&append).await,
            Fault::ForgetsWhatMustBeUnchanged => append.unchanged.clear(),
            Fault::ForgetsClaims => append.claims.clear(),
            Fault::ClaimsNeverExpire => append.claims = append.claims.iter().map(without_end).collect(),
            Fault::ForgetsAppendIds => {
                // The same events under an id of their own are another append.
                let text = |id: AppendId| format!("\"append\":\"{id}\"");
                let (old, new) = (append.id, AppendId(uuid::Uuid::from_u128(append.id.0.as_u128() + 1000)));
                append.id = new;
                for event in append.streams.iter_mut().flat_map(|stream| &mut stream.events) {
                    event.bytes = event.bytes.replace(&text(old), &text(new));
                }
            }
            Fault::Nothing
            | Fault::TidiesBytes
            | Fault::ListsDueByKey
            | Fault::LosesTheLastOfAPage
            | Fault::IgnoresBadCursors => {}
        }
        self.inner.append(&append).await
    }

    async fn appended(&self, id: AppendId, stream: &StreamId) -> Result<bool, Unavailable> {
        self.inner.appended(id, stream).await
    }

    async fn stream(&self, stream: &StreamId) -> Result<Vec<String>, Unavailable> {
        let stored = self.inner.stream(stream).await?;
        let tidy = |bytes: String| {
            serde_json::from_str::<serde_json::Value>(&bytes).map_or(bytes, |value| value.to_string())
        };
        Ok(if self.fault == Fault::TidiesBytes { stored.into_iter().map(tidy).collect() } else { stored })
    }

    async fn item(&self, key: &ItemKey) -> Result<Option<Item>, Unavailable> {
        self.inner.item(key).await
    }

    async fn holder(&self, claim: &str, at: Instant) -> Result<Option<String>, Unavailable> {
        self.inner.holder(claim, at).await
    }

    async fn items(&self, prefix: &str, page: &PageRequest) -> Result<Page<Item>, ListError> {
        Ok(self.page(self.inner.items(prefix, &self.asked(page)).await?))
    }

    async fn due(&self, until: Instant, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Unavailable> {
        let mut due = self.inner.due(until, after, limit).await?;
        if self.fault == Fault::ListsDueByKey {
            due.sort_by(|a, b| a.key.cmp(&b.key));
        }
        Ok(due)
    }

    async fn requests(
        &self,
        scope: &RequestScope,
        filter: &RequestFilter,
        page: &PageRequest,
    ) -> Result<Page<Item>, ListError> {
        Ok(self.page(self.inner.requests(scope, filter, &self.asked(page)).await?))
    }

    async fn audit(&self, filter: &AuditFilter, page: &PageRequest) -> Result<Page<AuditRecord>, ListError> {
        Ok(self.page(self.inner.audit(filter, &self.asked(page)).await?))
    }
}

type Law = for<'a> fn(&'a dyn EventStore) -> LocalBoxFuture<'a, ()>;

fn holds(law: Law, fault: Fault) -> bool {
    let store = Broken { inner: SqliteStore::in_memory().unwrap(), fault };
    catch_unwind(AssertUnwindSafe(|| block_on(law(&store)))).is_ok()
}

#[test]
fn each_law_holds_for_a_sound_store_and_fails_for_one_that_breaks_it() {
    let laws: [(Fault, Law); 11] = [
        (Fault::ForgetsAppends, |s| Box::pin(law::events_come_back_byte_for_byte_and_in_order(s))),
        (Fault::ForgetsWhatMustBeUnchanged, |s| {
            Box::pin(law::a_stream_that_must_be_unchanged_stops_the_append_if_it_moved(s))
        }),
        (Fault::ForgetsClaims, |s| Box::pin(law::a_claim_has_one_holder(s))),
        (Fault::ClaimsNeverExpire, |s| Box::pin(law::a_claim_is_free_again_at_its_instant_and_not_before(s))),
        (Fault::ClaimsNeverExpire, |s| Box::pin(law::who_holds_a_claim_is_known_as_long_as_it_is_held(s))),
        (Fault::AppendsPiecemeal, |s| Box::pin(law::a_conflict_in_one_stream_stops_the_whole_append(s))),
        (Fault::ForgetsAppendIds, |s| Box::pin(law::an_append_never_happens_twice(s))),
        (Fault::TidiesBytes, |s| Box::pin(law::events_come_back_byte_for_byte_and_in_order(s))),
        (Fault::ListsDueByKey, |s| Box::pin(law::what_is_due_comes_the_longest_overdue_first(s))),
        (Fault::LosesTheLastOfAPage, |s| Box::pin(law::pages_of_items_neither_repeat_nor_skip(s))),
        (Fault::IgnoresBadCursors, |s| Box::pin(law::a_cursor_that_the_list_did_not_make_is_refused(s))),
    ];
    for (fault, law) in laws {
        assert!(holds(law, Fault::Nothing), "the law that finds {fault:?} fails for a sound store");
        assert!(!holds(law, fault), "{fault:?} is not found");
    }
}
