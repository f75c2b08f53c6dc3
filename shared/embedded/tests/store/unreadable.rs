//! What lies in the store and cannot be understood, because a newer version wrote it or somebody else
//! did: everything around it goes on.

use std::sync::Arc;

use futures::executor::block_on;
use kari_application::ports::{
    Append, EventStore, Item, ItemChange, ItemKey, Notification, NotificationKind, Notifier, Page,
    PageRequest, ReadModel, RequestFilter, RequestKeys, RequestScope,
};
use kari_domain::audit::{Head, StreamId};
use kari_domain::directory::Snapshot;
use kari_domain::ids::{AppendId, RequestId, UserId};
use kari_domain::request::RequestState;
use kari_domain::time::Instant;
use kari_embedded::inbox::Inbox;
use kari_embedded::read_model::StoredReadModel;
use kari_embedded::store::SqliteStore;
use tempfile::TempDir;
use uuid::Uuid;

/// A store in a file, which others can write to as well.
struct Kept {
    store: Arc<SqliteStore>,
    directory: TempDir,
}

impl Kept {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let store = Arc::new(SqliteStore::open(directory.path().join("kari.db")).unwrap());
        Self { store, directory }
    }

    /// What somebody else does to the file.
    fn tamper(&self, sql: &str) {
        let other = rusqlite::Connection::open(self.directory.path().join("kari.db")).unwrap();
        other.execute_batch(sql).unwrap();
    }

    /// Puts the items of five requests.
    fn with_requests() -> Self {
        let kept = Self::new();
        let append = Append {
            id: AppendId(Uuid::from_u128(1)),
            at: Instant::UNIX_EPOCH,
            streams: vec![],
            unchanged: vec![],
            items: (1..=5).map(request).map(ItemChange::Put).collect(),
            claims: vec![],
        };
        block_on(kept.store.append(&append)).unwrap();
        kept
    }
}

fn request(number: u128) -> Item {
    let keys = RequestKeys {
        id: RequestId(Uuid::from_u128(number)),
        requester: "u-1".parse().unwrap(),
        account: "111122223333".parse().unwrap(),
        permission_set: "arn:aws:sso:::permissionSet/ssoins-1/ps-1".parse().unwrap(),
        submitted_at: Instant::UNIX_EPOCH,
        state: RequestState::Pending,
    };
    let key = ItemKey(format!("request/{number}"));
    Item {
        key,
        head: Head::empty(),
        due_at: Some(Instant::UNIX_EPOCH),
        request: Some(keys),
        body: "{}".to_owned(),
    }
}

/// The keys of all pages of two.
fn pages(mut page_after: impl FnMut(&PageRequest) -> Page<Item>) -> Vec<String> {
    let mut keys = vec![];
    let mut page = PageRequest { limit: 2, after: None };
    loop {
        let found = page_after(&page);
        keys.extend(found.items.into_iter().map(|item| item.key.0));
        page.after = found.next;
        if page.after.is_none() {
            return keys;
        }
    }
}

fn requests(store: &SqliteStore) -> Vec<String> {
    let (all, any) = (RequestScope::All, RequestFilter::default());
    pages(|page| block_on(store.requests(&all, &any, page)).unwrap())
}

fn items(store: &SqliteStore) -> Vec<String> {
    pages(|page| block_on(store.items("request/", page)).unwrap())
}

const READABLE: [&str; 4] = ["request/5", "request/4", "request/2", "request/1"];

#[test]
fn a_list_goes_on_without_a_row_that_cannot_be_understood() {
    for flaw in ["state = 'tomorrow'", "account = 'nowhere'", "requester = ''", "permission_set = 'x'"] {
        let kept = Kept::with_requests();
        kept.tamper(&format!("UPDATE items SET {flaw} WHERE key = 'request/3'"));
        assert_eq!(requests(&kept.store), READABLE, "{flaw}");
        let item = block_on(kept.store.item(&ItemKey("request/3".to_owned()))).unwrap().unwrap();
        assert_eq!((item.body.as_str(), item.request), ("", None), "{flaw}: it is there, but says nothing");
        assert_eq!(items(&kept.store).len(), READABLE.len() + 1, "{flaw}: whoever mends has to find it");
    }
}

#[test]
fn a_row_whose_id_is_none_hides_no_other() {
    let kept = Kept::with_requests();
    kept.tamper("UPDATE items SET request = x'00', submitted_at = submitted_at - 1 WHERE key = 'request/3'");
    assert_eq!(requests(&kept.store), READABLE);
}

#[test]
fn what_cannot_be_understood_is_due_all_the_same() {
    let kept = Kept::with_requests();
    kept.tamper("UPDATE items SET state = 'tomorrow'");
    assert_eq!(block_on(kept.store.due(Instant::UNIX_EPOCH, None, 10)).unwrap().len(), 5);
}

#[test]
fn a_key_that_is_no_text_keeps_nobody_in_a_list_and_is_named() {
    // Before and behind all that is text, and with what stands for it in its place.
    for bytes in ["72657175657374 2F 80", "72657175657374 2F FF", "72657175657374 2F EFBFBD"] {
        let kept = Kept::with_requests();
        let key = format!("CAST(x'{}' AS TEXT)", bytes.replace(' ', ""));
        kept.tamper(&format!("UPDATE items SET key = {key} WHERE key = 'request/3'"));
        let listed = requests(&kept.store);
        assert!(READABLE.iter().all(|key| listed.contains(&(*key).to_owned())), "{listed:?}");
        assert_eq!(items(&kept.store), ["request/1", "request/2", "request/4", "request/5"]);
        let (mut due, mut last) = (vec![], None);
        while let Some(next) = block_on(kept.store.due(Instant::UNIX_EPOCH, last.as_ref(), 1)).unwrap().pop()
        {
            assert!(due.len() < 5, "it goes round and round: {due:?}");
            due.push(next.key.0.clone());
            last = Some(next);
        }
        assert_eq!(due, ["request/1", "request/2", "request/4", "request/5"]);
        assert_eq!(kept.store.unrecorded().unwrap(), [StreamId::from_stored("request/\u{fffd}".to_owned())]);
    }
}

#[test]
fn a_body_that_is_no_text_is_due_and_listed_all_the_same() {
    let kept = Kept::with_requests();
    kept.tamper("UPDATE items SET body = CAST(x'ff' AS TEXT), hash = CAST(x'ff' AS TEXT)");
    assert_eq!(block_on(kept.store.due(Instant::UNIX_EPOCH, None, 10)).unwrap().len(), 5);
    assert_eq!(items(&kept.store).len(), 5);
}

#[test]
fn an_inbox_is_shown_without_a_message_of_a_kind_that_nobody_knows() {
    let kept = Kept::new();
    let (inbox, me) = (Inbox::new(Arc::clone(&kept.store)), UserId::parse("u-1").unwrap());
    for sequence in 1..=3 {
        let notification = Notification {
            kind: NotificationKind::PoliciesChanged,
            recipients: vec![me.clone()],
            stream: StreamId::policies(),
            sequence,
            request: None,
            at: Instant::UNIX_EPOCH,
        };
        block_on(inbox.deliver(&notification)).unwrap();
    }
    kept.tamper("UPDATE inbox SET kind = 'sung-tomorrow' WHERE sequence = 2");
    let first = inbox.messages(&me, &PageRequest { limit: 2, after: None }).unwrap();
    let second = inbox.messages(&me, &PageRequest { limit: 2, after: first.next.clone() }).unwrap();
    let sequences: Vec<_> = first.items.iter().chain(&second.items).map(|message| message.sequence).collect();
    assert_eq!(sequences, [3, 1]);
}

#[test]
fn a_read_model_that_cannot_be_understood_counts_as_never_saved_and_is_replaced() {
    let kept = Kept::new();
    let model = StoredReadModel::new(Arc::clone(&kept.store));
    let saved =
        Snapshot { synced_at: Instant::UNIX_EPOCH + chrono::TimeDelta::days(1), ..Snapshot::default() };
    block_on(model.save(saved.clone())).unwrap();
    kept.tamper(
        r#"UPDATE documents SET version = version + 1, body = '{"of":"tomorrow"}' WHERE name = 'directory'"#,
    );
    assert_eq!(*block_on(model.load()).unwrap(), Snapshot::default());
    kept.tamper("UPDATE documents SET version = version + 1, body = CAST(x'ff' AS TEXT)");
    assert_eq!(*block_on(model.load()).unwrap(), Snapshot::default());
    let restarted = StoredReadModel::new(Arc::clone(&kept.store));
    assert_eq!(*block_on(restarted.load()).unwrap(), Snapshot::default());
    block_on(restarted.save(saved.clone())).unwrap();
    assert_eq!(*block_on(model.load()).unwrap(), saved);
}
