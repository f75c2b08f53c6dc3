//! Somebody who can write to the data directory changes it behind Kari's back.

use std::path::Path;

use chrono::TimeDelta;
use clap::Parser;
use kari_application::caller::live_caller;
use kari_application::check_records::check_open;
use kari_application::ports::{ItemKey, PageRequest};
use kari_application::record_attempt::record_attempt;
use kari_application::review_request::review_request;
use kari_application::submit_request::{Wanted, submit_request};
use kari_application::{Error, load_request, reconcile};
use kari_domain::audit::{Cause, StreamId};
use kari_domain::ids::{RequestId, Tuple, UserId};
use kari_domain::request::Decision;
use kari_domain::text::Justification;
use kari_domain::time::Minutes;
use kari_embedded::identity_center::Assignment;
use kari_embedded::inbox::Inbox;
use kari_local::app::App;
use kari_local::audit::{Report, examine};
use kari_local::cli::{Cli, Command};
use kari_local::data_dir::DataDir;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::support::{kari, start};

const ACCOUNT: &str = "210000000011";
/// Nobody has to approve there.
const SANDBOX: &str = "210000000051";
async fn open(data: &Path) -> App {
    let directory = DataDir::open(data).unwrap();
    let Command::Run(options) = Cli::parse_from(["kari"]).into_command() else { panic!("not run") };
    App::open(&options, &directory).await.unwrap()
}

async fn person(app: &App, name: &str) -> UserId {
    let snapshot = app.kari.read_model.load().await.unwrap();
    snapshot.users.values().find(|user| user.user_name == name).unwrap().id.clone()
}

/// Alice asks for what Bob has to approve.
async fn submit(app: &App, key: &str) -> RequestId {
    ask(app, key, ACCOUNT).await
}

async fn ask(app: &App, key: &str, account: &str) -> RequestId {
    let snapshot = app.kari.read_model.load().await.unwrap();
    let set = snapshot.permission_sets.values().find(|set| set.name == "PowerUserAccess").unwrap();
    let wanted = Wanted {
        idempotency_key: key.to_owned(),
        accounts: vec![account.parse().unwrap()],
        permission_set: set.arn.clone(),
        start: None,
        duration: Minutes(30),
        justification: Some(Justification::parse("the checkout is slow").unwrap()),
        ticket: None,
    };
    let caller = live_caller(&app.kari, &person(app, "alice").await).await.unwrap();
    let submitted = submit_request(&app.kari, &caller, Cause::Api, &wanted).await.unwrap();
    submitted.answers[0].result.as_ref().unwrap().id().unwrap()
}

async fn review(app: &App, who: &str, id: RequestId, decision: Decision) -> Result<(), Error> {
    let caller = live_caller(&app.kari, &person(app, who).await).await.unwrap();
    let reviewed = review_request(&app.kari, &caller, Cause::Api, id, decision, None).await.map(|_| ());
    if let Err(refused) = &reviewed {
        record_attempt(&app.kari, &caller, Cause::Api, "approve", Some(id), refused).await.unwrap();
    }
    reviewed
}

/// A data directory with the records of one request, which Bob denied after Alice tried to approve it, and
/// of one more that is pending.
async fn lived_in() -> (TempDir, RequestId) {
    let data = TempDir::new().unwrap();
    let app = open(data.path()).await;
    let denied = submit(&app, "first").await;
    review(&app, "bob", denied, Decision::Deny).await.unwrap();
    let pending = submit(&app, "second").await;
    review(&app, "alice", pending, Decision::Approve).await.unwrap_err();
    (data, pending)
}

fn copy(of: &Path) -> TempDir {
    let copy = TempDir::new().unwrap();
    for file in std::fs::read_dir(of).unwrap().flatten() {
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}

/// Has `sql` run on the database by somebody who first talks it out of its own guards.
fn edit(data: &Path, sql: &str) {
    let database = Connection::open(data.join("kari.db")).unwrap();
    let guards: Vec<(String, String)> = database
        .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    database.execute_batch("PRAGMA foreign_keys = off").unwrap();
    for (name, _) in &guards {
        database.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    database.execute_batch(sql).unwrap();
    for (_, guard) in &guards {
        database.execute_batch(guard).unwrap();
    }
}

fn faults(data: &Path) -> Vec<String> {
    examine(data, None).unwrap().faults
}

#[tokio::test]
async fn whatever_is_changed_behind_karis_back_is_found_and_named() {
    let (data, pending) = lived_in().await;
    assert_eq!(faults(data.path()), Vec::<String>::new());
    let request = format!("request/{pending}");
    let of_item = |set: &str| format!("UPDATE items SET {set} WHERE key = '{request}'");
    let gone = |table: &str, column: &str| format!("DELETE FROM {table} WHERE {column} = '{request}';");
    let whole_stream = gone("events", "stream") + &gone("streams", "stream") + &gone("items", "key");
    let eased = "body = replace(body, '\"approval_required\":true', '\"approval_required\":false')";
    let forged = |key: &str| {
        let columns = "version, hash, due_at, body, requester, account, permission_set, submitted_at, state";
        format!(
            "INSERT INTO items (key, request, {columns}) SELECT '{key}', zeroblob(16), {columns} FROM items \
             WHERE key = '{request}'"
        )
    };
    let moved = "UPDATE events SET position = position + 1000 WHERE kind = 'reviewed'".to_owned();
    let bytes_only = "UPDATE events SET bytes = replace(bytes, 'checkout', 'database')";
    for (sql, subject, told) in [
        (of_item("due_at = NULL"), request.as_str(), "due never or later"),
        (of_item("due_at = due_at + 1"), &request, "due never or later"),
        (of_item("body = replace(body, 'checkout', 'database')"), &request, "about asked"),
        (of_item("state = 'closed'"), &request, "listed under something else"),
        (of_item("version = version + 1"), &request, "another place"),
        (of_item("body = CAST(x'ff' AS TEXT)"), &request, "cannot be read"),
        (gone("items", "key"), &request, "is missing"),
        (gone("streams", "stream"), &request, "it ends at"),
        (gone("events", "stream"), &request, "it ends at"),
        (gone("events", "stream") + &gone("streams", "stream"), &request, "no event"),
        (whole_stream, "of ", "some were removed"),
        (
            format!("UPDATE items SET {eased} WHERE key LIKE 'policies/%'"),
            "policies: ",
            "not what was recorded",
        ),
        ("DELETE FROM items WHERE key LIKE 'policies/guardrail/%'".to_owned(), "policies: ", "is missing"),
        ("DELETE FROM streams; DELETE FROM events".to_owned(), "nothing is recorded", "although"),
        ("UPDATE events SET actor = NULL WHERE kind = 'reviewed'".to_owned(), "request/", "lists find event"),
        (
            "UPDATE events SET at = 0 WHERE stream LIKE 'attempts/%'".to_owned(),
            "attempts/",
            "lists find event",
        ),
        (bytes_only.to_owned(), "request/", "was altered"),
        (forged("foo/1"), "foo/1", "no event"),
        (forged("Policies/eligibility/zzz"), "Policies/eligibility/zzz", "no event"),
        (moved, "request/", "not in the order"),
        ("UPDATE events SET bytes = CAST(x'ff' AS TEXT)".to_owned(), "request/", "not readable"),
        (of_item("key = CAST(x'ff' AS TEXT)"), "\u{fffd}", "no text"),
        (of_item("key = CAST(x'ff' AS TEXT)"), &request, "is missing"),
        ("UPDATE streams SET hash = CAST(x'ff' AS TEXT)".to_owned(), "attempts/", "it ends at"),
    ] {
        let data = copy(data.path());
        edit(data.path(), &sql);
        let found = faults(data.path());
        assert!(
            found.iter().any(|fault| fault.starts_with(subject) && fault.contains(told)),
            "{sql}: {found:?}"
        );
    }
}

#[tokio::test]
async fn a_database_without_its_guards_is_found() {
    let (data, _) = lived_in().await;
    for altered in ["TRIGGER events_never_go", "TRIGGER events_never_change", "INDEX items_due"] {
        let data = copy(data.path());
        Connection::open(data.path().join("kari.db"))
            .unwrap()
            .execute_batch(&format!("DROP {altered}"))
            .unwrap();
        let name = altered.split(' ').next_back().unwrap();
        assert_eq!(faults(data.path()), [format!("{name}: this part of the database's schema was altered")]);
    }
    // NB. Names that only look like SQLite's own.
    for name in ["sqliteguard", "events"] {
        let data = copy(data.path());
        let trigger =
            format!("CREATE TRIGGER {name} BEFORE INSERT ON outbox BEGIN SELECT RAISE(IGNORE); END");
        Connection::open(data.path().join("kari.db")).unwrap().execute_batch(&trigger).unwrap();
        assert_eq!(faults(data.path()), [format!("{name}: this part of the database's schema was altered")]);
    }
}

#[tokio::test]
async fn a_checkpoint_shows_what_somebody_altered_so_that_it_fits() {
    let (data, pending) = lived_in().await;
    let Report { checkpoint, events, .. } = examine(data.path(), None).unwrap();
    assert_eq!(checkpoint.events, u64::try_from(events).unwrap());
    let app = open(data.path()).await;
    review(&app, "bob", pending, Decision::Deny).await.unwrap();
    drop(app);
    // What was recorded since changes nothing about it.
    assert_eq!(examine(data.path(), Some(&checkpoint)).unwrap().faults, Vec::<String>::new());
    let later = examine(data.path(), None).unwrap().checkpoint;
    assert_ne!(later, checkpoint);

    // The last review never was, and nothing else shows it.
    let request = format!("request/{pending}");
    let sql = format!(
        "DELETE FROM outbox;
         DELETE FROM events WHERE stream = '{request}'; DELETE FROM streams WHERE stream = '{request}';
         DELETE FROM items WHERE key = '{request}';
         CREATE TEMP TABLE places AS
             SELECT position AS old, row_number() OVER (ORDER BY position) AS new FROM events;
         UPDATE events SET position = -position;
         UPDATE events SET position = (SELECT new FROM places WHERE old = -events.position);
         DROP TABLE places;"
    );
    edit(data.path(), &sql);
    assert_eq!(faults(data.path()), Vec::<String>::new());
    for known in [&checkpoint, &later] {
        let found = examine(data.path(), Some(known)).unwrap().faults;
        assert!(found.len() == 1 && found[0].contains("since the checkpoint"), "{found:?}");
    }
}

#[tokio::test]
async fn a_request_whose_last_event_was_altered_is_parked_and_administrators_are_told() {
    let (data, pending) = lived_in().await;
    let app = open(data.path()).await;
    let stream = StreamId::request(pending);
    edit(
        data.path(),
        "UPDATE events SET bytes = replace(bytes, '\"duration_minutes\":30', '\"duration_minutes\":120')",
    );
    let refused = load_request(&app.kari, pending).await;
    assert!(matches!(&refused, Err(Error::Corrupt(what)) if what.contains("last event")), "{refused:?}");
    let refused = review(&app, "bob", pending, Decision::Approve).await;
    assert!(matches!(refused, Err(Error::Corrupt(_))), "{refused:?}");
    reconcile::drive(&app.kari, &(&stream).into()).await.unwrap_err();
    let page = PageRequest { limit: 10, after: None };
    let told = Inbox::new(app.store.clone()).messages(&person(&app, "hanako").await, &page).unwrap();
    assert_eq!(told.items.iter().filter(|message| message.stream == stream).count(), 1);
}

/// NB. Events that were altered or cut off prove nothing: what they make must not replace a sound state item.
#[tokio::test]
async fn access_ends_although_somebody_altered_or_cut_off_the_events_of_its_ledger() {
    let last = "(SELECT max(sequence) FROM events WHERE stream LIKE 'assignment/%')";
    for sql in [
        "UPDATE events SET bytes = replace(bytes, '\"at\":\"20', '\"at\":\"21') WHERE stream LIKE 'assignment/%'",
        &format!(
            "UPDATE events SET bytes = bytes || ' ' WHERE stream LIKE 'assignment/%' AND sequence = {last}"
        ),
        &format!("DELETE FROM events WHERE stream LIKE 'assignment/%' AND sequence = {last}"),
        "DELETE FROM events WHERE stream LIKE 'assignment/%' AND sequence > 1",
        "DELETE FROM events WHERE stream LIKE 'assignment/%'",
    ] {
        let data = tempfile::tempdir().unwrap();
        let app = open(data.path()).await;
        let id = ask(&app, "sandbox", SANDBOX).await;
        let request = ItemKey::from(&StreamId::request(id));
        let loaded = load_request(&app.kari, id).await.unwrap();
        let tuple = Tuple {
            principal: person(&app, "alice").await,
            target: loaded.state.asked().unwrap().submission.target.clone(),
        };
        let has_access = || {
            let assignment = Assignment::from(&tuple);
            app.simulated
                .as_ref()
                .unwrap()
                .identity_center
                .with(|world, now| world.is_present(now, &assignment))
                .unwrap()
        };
        while load_request(&app.kari, id).await.unwrap().state.name() != "active" {
            app.simulated.as_ref().unwrap().clock.skip(TimeDelta::seconds(5)).unwrap();
            reconcile::drive(&app.kari, &request).await.unwrap();
        }
        assert!(has_access());
        edit(data.path(), sql);
        check_open(&app.kari).await.unwrap();
        for _ in 0..4 {
            app.simulated.as_ref().unwrap().clock.skip(TimeDelta::minutes(31)).unwrap();
            reconcile::sweep(&app.kari, app.kari.clock.now() + TimeDelta::seconds(1)).await.unwrap();
        }
        assert!(!has_access(), "{sql}");
        let page = PageRequest { limit: 50, after: None };
        let told = Inbox::new(app.store.clone()).messages(&person(&app, "hanako").await, &page).unwrap();
        let stream = StreamId::ledger(&tuple);
        assert!(told.items.iter().any(|message| message.stream == stream), "{sql}: administrators are told");
    }
}

#[tokio::test]
async fn nothing_is_recorded_in_a_file_that_is_not_the_one_that_was_opened() {
    type Change = fn(&Path);
    let changes: [(&str, Change); 4] = [
        ("removed", |file| std::fs::remove_file(file).unwrap()),
        ("emptied", |file| std::fs::write(file, "").unwrap()),
        ("without its log", |file| std::fs::remove_file(file.with_extension("db-wal")).unwrap()),
        ("replaced", |file| {
            let other = file.with_extension("copy");
            std::fs::copy(file, &other).unwrap();
            std::fs::rename(other, file).unwrap();
        }),
    ];
    for (what, change) in changes {
        let (data, pending) = lived_in().await;
        let app = open(data.path()).await;
        let bob = live_caller(&app.kari, &person(&app, "bob").await).await.unwrap();
        assert!(app.store.is_in_place() && app.kari.store.health().await.is_ok());
        change(&data.path().join("kari.db"));
        assert!(!app.store.is_in_place(), "{what}");
        assert!(app.kari.store.health().await.is_err(), "{what}");
        let refused = review_request(&app.kari, &bob, Cause::Api, pending, Decision::Deny, None).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{what}: {refused:?}");
    }
}

#[test]
fn the_verifier_prints_a_checkpoint_and_takes_it_back() {
    let data = TempDir::new().unwrap();
    let (mut worker, _) = start(&["serve", "--port", "0"], data.path());
    worker.kill().unwrap();
    worker.wait().unwrap();
    let verify = |more: &[&str]| {
        kari().args(["audit", "verify", "--data-dir"]).arg(data.path()).args(more).output().unwrap()
    };
    let printed = String::from_utf8(verify(&[]).stdout).unwrap();
    let checkpoint = printed.lines().find_map(|line| line.strip_prefix("checkpoint ")).unwrap();
    assert!(verify(&["--expect", checkpoint]).status.success());
    let other = checkpoint.replace(':', ":0").chars().take(checkpoint.len()).collect::<String>();
    let found = verify(&["--expect", &other]);
    assert!(!found.status.success());
    assert!(String::from_utf8(found.stdout).unwrap().contains("since the checkpoint"));
    assert!(!verify(&["--expect", "something else"]).status.success());
}
