//! The contracts of the ports, passed by the adapters around the store.

mod in_memory {
    use std::sync::Arc;

    use kari_embedded::store::SqliteStore;

    kari_application::event_store_contract! {
        block_on: futures::executor::block_on,
        make: async || Arc::new(SqliteStore::in_memory().unwrap())
    }
}

mod in_a_file {
    use std::ops::Deref;

    use futures::executor::block_on;
    use kari_application::contract::event_store::what_was_appended_survives;
    use kari_embedded::store::SqliteStore;
    use tempfile::TempDir;

    struct InAFile {
        store: SqliteStore,
        directory: TempDir,
    }

    impl Deref for InAFile {
        type Target = SqliteStore;

        fn deref(&self) -> &SqliteStore {
            &self.store
        }
    }

    fn open(directory: TempDir) -> InAFile {
        InAFile { store: SqliteStore::open(directory.path().join("kari.db")).unwrap(), directory }
    }

    kari_application::event_store_contract! {
        block_on: futures::executor::block_on,
        make: async || open(TempDir::new().unwrap())
    }

    #[test]
    fn what_was_appended_survives_a_restart() {
        let reopen = async |InAFile { store, directory }| {
            drop(store);
            open(directory)
        };
        block_on(what_was_appended_survives(open(TempDir::new().unwrap()), reopen));
    }
}

/// Four connections to one file stand for four processes: each call goes to the next.
mod by_several_processes {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use kari_application::contract::doubles::EventStoreDouble;
    use kari_application::ports::EventStore;
    use kari_embedded::store::SqliteStore;
    use tempfile::TempDir;

    struct Several {
        stores: Vec<SqliteStore>,
        calls: AtomicUsize,
        _directory: TempDir,
    }

    impl Several {
        fn open() -> Self {
            let directory = TempDir::new().unwrap();
            let file = directory.path().join("kari.db");
            let stores = (0..4).map(|_| SqliteStore::open(&file).unwrap()).collect();
            Self { stores, calls: AtomicUsize::new(0), _directory: directory }
        }
    }

    impl EventStoreDouble for Several {
        fn inner(&self) -> &dyn EventStore {
            &self.stores[self.calls.fetch_add(1, Ordering::SeqCst) % self.stores.len()]
        }
    }

    kari_application::event_store_contract! {
        block_on: futures::executor::block_on,
        make: async || Box::new(Several::open())
    }
}

mod read_model {
    use std::sync::Arc;

    use futures::executor::block_on;
    use kari_application::contract::read_model as law;
    use kari_application::ports::ReadModel;
    use kari_embedded::read_model::StoredReadModel;
    use kari_embedded::store::SqliteStore;

    fn store() -> Arc<SqliteStore> {
        Arc::new(SqliteStore::in_memory().unwrap())
    }

    #[test]
    fn before_the_first_save_it_is_empty_and_of_the_epoch() {
        block_on(law::before_the_first_save_it_is_empty_and_of_the_epoch(&StoredReadModel::new(store())));
    }

    #[test]
    fn what_was_saved_last_is_loaded() {
        block_on(law::what_was_saved_last_is_loaded(&StoredReadModel::new(store())));
    }

    #[test]
    fn the_same_directory_of_another_instant_is_loaded_with_that_instant() {
        block_on(law::the_same_directory_of_another_instant_is_loaded_with_that_instant(
            &StoredReadModel::new(store()),
        ));
    }

    #[test]
    fn what_another_reader_of_the_store_saved_is_loaded_and_then_kept() {
        block_on(async {
            let store = store();
            let (reader, writer) = (StoredReadModel::new(Arc::clone(&store)), StoredReadModel::new(store));
            law::what_was_saved_last_is_loaded(&writer).await;
            let loaded = reader.load().await.unwrap();
            assert_eq!(loaded, writer.load().await.unwrap());
            assert!(Arc::ptr_eq(&loaded, &reader.load().await.unwrap()));
        });
    }
}

mod inbox {
    use std::sync::Arc;

    use futures::executor::block_on;
    use kari_application::contract::notifier as law;
    use kari_application::ports::{
        Append, Cursor, EventStore, ListError, Notification, NotificationKind, Notifier, PageRequest,
        StreamAppend,
    };
    use kari_domain::audit::{Actor, Cause, Head, Stamp, StreamId, SystemReason, seal};
    use kari_domain::ids::{AppendId, RequestId, UserId};
    use kari_domain::request::{Evidence, Outcome, RequestEvent};
    use kari_domain::time::Instant;
    use kari_embedded::inbox::Inbox;
    use kari_embedded::store::SqliteStore;

    fn inbox() -> Inbox {
        Inbox::new(Arc::new(SqliteStore::in_memory().unwrap()))
    }

    fn count(inbox: &Inbox, of: &UserId) -> usize {
        inbox.messages(of, &PageRequest { limit: 200, after: None }).unwrap().items.len()
    }

    #[test]
    fn every_recipient_is_told_and_nobody_else() {
        let inbox = inbox();
        block_on(law::every_recipient_is_told_and_nobody_else(&inbox, |of| count(&inbox, of)));
    }

    #[test]
    fn delivering_again_changes_nothing() {
        let inbox = inbox();
        block_on(law::delivering_again_changes_nothing(&inbox, |of| count(&inbox, of)));
    }

    #[test]
    fn whoever_a_repetition_knows_of_is_told_too() {
        let inbox = inbox();
        block_on(law::whoever_a_repetition_knows_of_is_told_too(&inbox, |of| count(&inbox, of)));
    }

    #[test]
    fn another_event_or_kind_is_another_message() {
        let inbox = inbox();
        block_on(law::another_event_or_kind_is_another_message(&inbox, |of| count(&inbox, of)));
    }

    #[test]
    fn messages_come_in_pages_the_newest_first_and_are_unread_until_marked() {
        let inbox = inbox();
        let (me, other) = ("u-1".parse().unwrap(), "u-2".parse().unwrap());
        block_on(law::another_event_or_kind_is_another_message(&inbox, |of| count(&inbox, of)));
        let page = |after| inbox.messages(&me, &PageRequest { limit: 3, after }).unwrap();
        let first = page(None);
        let second = page(first.next.clone());
        let ids: Vec<_> = first.items.iter().chain(&second.items).map(|message| message.id).collect();
        assert_eq!(ids.len(), 4);
        assert!(ids.is_sorted_by(|a, b| a > b), "{ids:?}");
        assert_eq!(second.next, None);

        inbox.mark_read(&me, ids[1], Instant::UNIX_EPOCH).unwrap();
        assert_eq!((inbox.unread(&me).unwrap(), inbox.unread(&other).unwrap()), (1, 4));
        let read_at: Vec<_> = page(None).items.iter().map(|message| message.read_at).collect();
        assert_eq!(read_at, [None, Some(Instant::UNIX_EPOCH), Some(Instant::UNIX_EPOCH)]);
    }

    #[test]
    fn an_inbox_never_grows_without_end_and_what_is_unread_stays_longer() {
        let (inbox, me) = (inbox(), UserId::parse("u-1").unwrap());
        let deliver = |sequence| {
            let notification = Notification {
                kind: NotificationKind::PoliciesChanged,
                recipients: vec![me.clone()],
                stream: StreamId::policies(),
                sequence,
                request: None,
                at: Instant::UNIX_EPOCH,
            };
            block_on(inbox.deliver(&notification)).unwrap();
        };
        let kept = || {
            let mut page = PageRequest { limit: 200, after: None };
            let mut sequences = vec![];
            loop {
                let found = inbox.messages(&me, &page).unwrap();
                sequences.extend(found.items.iter().map(|message| message.sequence));
                page.after = found.next;
                if page.after.is_none() {
                    return sequences;
                }
            }
        };
        (1..=600).for_each(deliver);
        assert_eq!(kept().len(), 600);
        inbox.mark_read(&me, i64::MAX, Instant::UNIX_EPOCH).unwrap();
        deliver(601);
        assert_eq!(kept(), (102..=601).rev().collect::<Vec<_>>());
        (602..=3_000).for_each(deliver);
        assert_eq!(kept(), (1_001..=3_000).rev().collect::<Vec<_>>());
        assert_eq!(inbox.unread(&me).unwrap(), 2_000);
    }

    /// A grant that was closed several times over, each time known otherwise.
    fn closings(stream: &StreamId, known: [Option<Evidence>; 4]) -> Append {
        let closed = |evidence| RequestEvent::Closed {
            outcome: Outcome::Expired,
            reason: None,
            evidence,
            open_sessions_until: None,
        };
        let events: Vec<_> = known.into_iter().map(closed).collect();
        let (id, at) = (AppendId(uuid::Uuid::from_u128(1)), Instant::UNIX_EPOCH);
        let actor = Actor::System { reason: SystemReason::IdentityCenter };
        let stamp = Stamp { append: id, at, actor, cause: Cause::Advance };
        let (events, _) = seal(stream, &Head::empty(), &events, &stamp).unwrap();
        Append {
            id,
            at,
            streams: vec![StreamAppend { stream: stream.clone(), expected: Head::empty(), events }],
            unchanged: vec![],
            items: vec![],
            claims: vec![],
        }
    }

    #[test]
    fn of_a_grant_that_is_over_a_message_says_whether_the_access_stays() {
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        let (inbox, me) = (Inbox::new(store.clone()), UserId::parse("u-1").unwrap());
        let stream = StreamId::request(RequestId(uuid::Uuid::from_u128(1)));
        let gone = Evidence::ObservedGone { at: Instant::UNIX_EPOCH };
        let known = [Some(gone), Some(Evidence::HeldByAnother), Some(Evidence::PreExisting), None];
        block_on(store.append(&closings(&stream, known))).unwrap();
        // Of the last of them nothing is recorded.
        for sequence in 1..=5 {
            let notification = Notification {
                kind: NotificationKind::Expired,
                recipients: vec![me.clone()],
                stream: stream.clone(),
                sequence,
                request: stream.as_request(),
                at: Instant::UNIX_EPOCH,
            };
            block_on(inbox.deliver(&notification)).unwrap();
        }
        let told = inbox.messages(&me, &PageRequest { limit: 200, after: None }).unwrap();
        let stays: Vec<_> = told.items.iter().rev().map(|message| message.access_stays).collect();
        assert_eq!(stays, [false, true, true, false, false]);
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let page = PageRequest { limit: 3, after: Some(Cursor("AAAA".to_owned())) };
        let refused = inbox().messages(&"u-1".parse().unwrap(), &page);
        assert!(matches!(refused, Err(ListError::BadCursor)));
    }
}
