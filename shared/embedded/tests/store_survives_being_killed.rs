//! A process that appends is killed with SIGKILL again and again, at moments it does not choose.
//! Afterwards every append is there wholly or not at all, and all that was acknowledged is there.
//!
//! Without arguments this program is the test; with `append FILE` it is the process to kill. Hence
//! it has a `main` of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use futures::executor::block_on;
use kari_application::ports::{
    Append, AppendError, ClaimChange, EventStore, Item, ItemChange, ItemKey, StreamAppend,
};
use kari_domain::audit::{Actor, AuditEvent, Cause, Head, Stamp, StreamId, SystemReason, seal};
use kari_domain::ids::AppendId;
use kari_domain::time::Instant;
use kari_embedded::store::{RecordedStream, SqliteStore};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;
use serde::{Deserialize, Serialize};

const KILLS: usize = 40;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
enum Fact {
    Counted { number: u64, ballast: String },
}
impl AuditEvent for Fact {}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["append", file] => append_for_ever(Path::new(file)),
        // A test runner asks for names first: for all of them, then for the ignored ones.
        list if list.contains(&"--list") => {
            if !list.contains(&"--ignored") {
                println!("every_append_is_there_wholly_or_not_at_all: test");
            }
        }
        _ => every_append_is_there_wholly_or_not_at_all(),
    }
}

fn every_append_is_there_wholly_or_not_at_all() {
    let directory = tempfile::TempDir::new().unwrap();
    let file = directory.path().join("kari.db");
    let mut random = ChaCha20Rng::seed_from_u64(1);
    let mut acknowledged = 0;
    for _ in 0..KILLS {
        acknowledged = append_until_killed(&file, random.random_range(1..12), random.random_range(0..30_000));
        assert_whole(&file, acknowledged);
    }
    println!("killed {KILLS} times while appending: {acknowledged} appends, all whole");
}

/// Lets a process append until it has acknowledged so many, and kills it a few moments later. The
/// number it acknowledged last.
fn append_until_killed(file: &Path, acknowledgements: usize, moments: usize) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .arg("append")
        .arg(file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut last = lines.by_ref().take(acknowledgements).last().unwrap().unwrap();
    for _ in 0..moments {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it still said before it died counts; half a line does not.
    for line in lines.map_while(Result::ok) {
        if line.ends_with('.') {
            last = line;
        }
    }
    last.trim_end_matches('.').parse().unwrap()
}

fn append_for_ever(file: &Path) {
    let store = SqliteStore::open(file).unwrap();
    let mut heads = [head(&store, "a"), head(&store, "b")];
    let mut output = std::io::stdout();
    loop {
        let (append, after) = next_append(&heads);
        block_on(store.append(&append)).unwrap();
        heads = after;
        writeln!(output, "{}.", append.id.0.as_u128()).unwrap();
        output.flush().unwrap();
    }
}

fn head(store: &SqliteStore, stream: &str) -> Head {
    let stored = block_on(store.stream(&StreamId::from_stored(stream.to_owned()))).unwrap();
    stored.iter().fold(Head::empty(), |head, bytes| head.after(bytes))
}

/// The next append: three events in each of two streams, their items, and a claim.
fn next_append(heads: &[Head; 2]) -> (Append, [Head; 2]) {
    let number = heads[0].version / 3 + 1;
    let id = AppendId(uuid::Uuid::from_u128(number.into()));
    let actor = Actor::System { reason: SystemReason::Clock };
    let stamp = Stamp { append: id, at: Instant::UNIX_EPOCH, actor, cause: Cause::Advance };
    let fact = Fact::Counted { number, ballast: "x".repeat(2000) };
    let extend = |name: &str, expected: &Head| {
        let stream = StreamId::from_stored(name.to_owned());
        let (events, head) =
            seal(&stream, expected, &[fact.clone(), fact.clone(), fact.clone()], &stamp).unwrap();
        let item = Item {
            key: ItemKey::from(&stream),
            head: head.clone(),
            due_at: None,
            request: None,
            body: number.to_string(),
        };
        (StreamAppend { stream, expected: expected.clone(), events }, item, head)
    };
    let (a, item_a, head_a) = extend("a", &heads[0]);
    let (b, item_b, head_b) = extend("b", &heads[1]);
    let append = Append {
        id,
        at: stamp.at,
        streams: vec![a, b],
        unchanged: Vec::new(),
        items: vec![ItemChange::Put(item_a), ItemChange::Put(item_b)],
        claims: vec![claim(number)],
    };
    (append, [head_a, head_b])
}

fn claim(number: u64) -> ClaimChange {
    ClaimChange::Take { key: number.to_string(), value: "child".to_owned(), until: None }
}

fn assert_whole(file: &Path, acknowledged: u64) {
    let store = SqliteStore::open(file).unwrap();
    let streams: Vec<RecordedStream> = store.all_streams().unwrap().map(Result::unwrap).collect();
    let [a, b] = streams.as_slice() else { panic!("expected two streams, got {}", streams.len()) };
    let appends = a.head.version / 3;
    assert!(appends >= acknowledged, "{acknowledged} were acknowledged, {appends} are there");
    for stream in [a, b] {
        assert_eq!(stream.verify(), Ok(()));
        assert_eq!(stream.head.version, appends * 3);
        let item = block_on(store.item(&ItemKey::from(&stream.stream))).unwrap().unwrap();
        assert_eq!((&item.head, item.body), (&stream.head, appends.to_string()));
    }
    let outgoing = store.outbox_batch(0, usize::try_from(i64::MAX).unwrap()).unwrap();
    assert_eq!(outgoing.len() as u64, appends * 6);
    assert!(held(&store, appends) && !held(&store, appends + 1));
}

/// Whether the claim of this append is held. Asking takes it, so it is given back.
fn held(store: &SqliteStore, number: u64) -> bool {
    let ask = |id: u128, claims| Append {
        id: AppendId(uuid::Uuid::from_u128(id)),
        at: Instant::UNIX_EPOCH,
        streams: Vec::new(),
        unchanged: Vec::new(),
        items: Vec::new(),
        claims,
    };
    let (key, value) = (number.to_string(), "test".to_owned());
    let take = ClaimChange::Take { key: key.clone(), value: value.clone(), until: None };
    let taken = block_on(store.append(&ask(u128::MAX, vec![take])));
    block_on(store.append(&ask(u128::MAX, vec![ClaimChange::Release { key, value }]))).unwrap();
    matches!(taken, Err(AppendError::Conflict(_)))
}
