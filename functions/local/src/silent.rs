//! Which connections are silent. Where there is no place for another one, the one that has been silent longest makes
//! room: no number of those over which nothing comes keeps out whoever has something to ask.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::watched::watched;

/// The connections that are open. Clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Connections(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    /// How many there have been.
    count: u64,
    /// How long an answer may be on its way after it was handed over.
    answered: Duration,
    connections: BTreeMap<u64, Silence>,
}

#[derive(Debug)]
struct Silence {
    /// `None` while a request is answered; in the future while its answer may be under way.
    since: Option<Instant>,
    end: Arc<Notify>,
}

impl Connections {
    /// None as yet. For so long after an answer was handed over it may be on its way: whoever has a slow line is not
    /// silent.
    pub(crate) fn new(answered: Duration) -> Self {
        Self(Arc::new(Mutex::new(Open { answered, ..Open::default() })))
    }

    /// Another connection, silent as yet.
    pub(crate) fn open(&self) -> Connection {
        let end = Arc::new(Notify::new());
        let mut open = self.lock();
        open.count += 1;
        let id = open.count;
        open.connections.insert(id, Silence { since: Some(Instant::now()), end: Arc::clone(&end) });
        drop(open);
        Connection { all: self.clone(), id, end }
    }

    /// Ends the connection that has been silent longest, if for so long. Returns when to look again.
    pub(crate) fn make_room(&self, silent_for: Duration) -> Duration {
        let mut open = self.lock();
        let silent = open.connections.iter().filter_map(|(id, silence)| Some((silence.since?, *id)));
        let Some((since, id)) = silent.min() else { return silent_for };
        let rest = silent_for.saturating_sub(since.elapsed());
        if !rest.is_zero() {
            return rest;
        }
        // NB. It is not there any more, so that it begins nothing in the moment before it ends.
        if let Some(silence) = open.connections.remove(&id) {
            silence.end.notify_one();
        }
        silent_for
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of them.
#[derive(Debug)]
pub(crate) struct Connection {
    all: Connections,
    id: u64,
    end: Arc<Notify>,
}

impl Connection {
    /// Completes when it has to make room.
    pub(crate) async fn has_to_end(&self) {
        self.end.notified().await;
    }

    /// A request came. It is not silent until what is returned is dropped; `None` if it ends already.
    pub(crate) fn speak(self: &Arc<Self>) -> Option<Speaking> {
        self.all.lock().connections.get_mut(&self.id)?.since = None;
        Some(Speaking(Arc::clone(self)))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.lock().connections.remove(&self.id);
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(crate) struct Speaking(Arc<Connection>);

impl Speaking {
    /// The body of the answer, until whose end it is being answered.
    pub(crate) fn during(self, body: Body) -> Body {
        watched(body, move |_| {
            // Only held.
            let _ = &self;
        })
    }
}

impl Drop for Speaking {
    fn drop(&mut self) {
        let mut open = self.0.all.lock();
        let answered = open.answered;
        if let Some(silence) = open.connections.get_mut(&self.0.id) {
            silence.since = Some(Instant::now() + answered);
        }
    }
}
