use async_trait::async_trait;
use kari_domain::time::Instant;

use super::Unavailable;

/// What a channel remembers of what it delivered, and what it has still to deliver: small texts in groups,
/// each with a revision. Nothing is decided on them but what to send.
///
/// Laws:
/// - `write` and `erase` happen only if the note has the revision expected (0: it is not there), and say
///   whether they did. Of two that expect the same one happens.
/// - A note written has the revision that is given back, which is not 0 and which it did not have before. One that was
///   erased begins anew: it may look like the one before it.
/// - Reading is strongly consistent.
/// - A note is forgotten some time after `until`, and not before.
#[async_trait]
pub trait Notes: Send + Sync {
    /// The notes of a group, by key.
    async fn all(&self, group: &str) -> Result<Vec<Note>, Unavailable>;
    /// One note.
    async fn one(&self, group: &str, key: &str) -> Result<Option<Note>, Unavailable>;
    /// Writes one note; the body replaces the one before. `None` if it was not as expected.
    async fn write(&self, note: &NewNote<'_>, expected: u64) -> Result<Option<u64>, Unavailable>;
    /// Takes one note away.
    async fn erase(&self, group: &str, key: &str, expected: u64) -> Result<bool, Unavailable>;
}

/// A note as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub key: String,
    /// What [`Notes::write`] expects to find.
    pub revision: u64,
    pub body: String,
}

/// A note to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewNote<'a> {
    pub group: &'a str,
    pub key: &'a str,
    pub body: &'a str,
    pub until: Instant,
}
