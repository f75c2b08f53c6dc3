//! Laws of appends that race: real threads, all let go at once.

use std::sync::{Barrier, Mutex};

use futures::FutureExt;
use futures::future::BoxFuture;
use kari_domain::audit::Head;

use super::sample::{one_fact, stream};
use crate::ports::{Append, AppendError, ClaimChange, EventStore};

const RACERS: u128 = 8;
const ROUNDS: u128 = 20;

/// Lets every append go at once, each in its own thread; how many happened. All others must have
/// ended in a conflict.
fn race(store: &dyn EventStore, block_on: &(impl Fn(BoxFuture<'_, ()>) + Sync), appends: &[Append]) -> usize {
    let start = Barrier::new(appends.len());
    let won = Mutex::new(0);
    std::thread::scope(|scope| {
        for append in appends {
            let (start, won) = (&start, &won);
            let run = async move {
                start.wait();
                match store.append(append).await {
                    Ok(()) => *won.lock().unwrap() += 1,
                    Err(AppendError::Conflict(_)) => {}
                    Err(other) => panic!("expected to win or to conflict, got {other:?}"),
                }
            };
            scope.spawn(move || block_on(run.boxed()));
        }
    });
    won.into_inner().unwrap()
}

pub fn of_many_racing_appends_to_a_stream_exactly_one_wins(
    store: &dyn EventStore,
    block_on: impl Fn(BoxFuture<'_, ()>) + Sync,
) {
    let mut head = Head::empty();
    for round in 0..ROUNDS {
        let ids = (0..RACERS).map(|racer| 1 + round * RACERS + racer);
        let appends: Vec<_> = ids.map(|id| one_fact(id, "stream/a", &head).0).collect();
        assert_eq!(race(store, &block_on, &appends), 1, "round {round}");
        block_on(
            async {
                let stored = store.stream(&stream("stream/a")).await.unwrap();
                assert_eq!(stored.len() as u128, round + 1);
                head = head.after(stored.last().unwrap());
            }
            .boxed(),
        );
    }
}

pub fn of_many_racing_claims_exactly_one_wins(
    store: &dyn EventStore,
    block_on: impl Fn(BoxFuture<'_, ()>) + Sync,
) {
    for round in 0..ROUNDS {
        let append = |racer| {
            let id = 1 + round * RACERS + racer;
            let key = format!("key/{round}");
            let take = ClaimChange::Take { key, value: format!("racer {racer}"), until: None };
            let (append, _) = one_fact(id, &format!("stream/{id}"), &Head::empty());
            Append { claims: vec![take], ..append }
        };
        let appends: Vec<_> = (0..RACERS).map(append).collect();
        assert_eq!(race(store, &block_on, &appends), 1, "round {round}");
    }
}
