//! How old the synced copy of the directory may be, and for what. It is renewed every few minutes; when
//! that fails, less and less may rest on it.

use chrono::TimeDelta;
use kari_domain::directory::Snapshot;
use kari_domain::policy::Verdict;
use kari_domain::time::Instant;

use crate::Error;

/// Beyond this, nobody has a right because the copy says so. All syncs of an hour have failed by then, and
/// it is as long as a token lives: whoever was disabled reads no longer by the copy than by the token.
pub const OLDEST_FOR_RIGHTS: TimeDelta = TimeDelta::hours(1);

/// Beyond this, it does not even tell people who they are. Access that began before the directory was lost
/// is over by then, unless a setting allows more than the default day.
pub const OLDEST_FOR_ANYTHING: TimeDelta = TimeDelta::hours(24);

/// How old the copy is.
pub(crate) fn age(snapshot: &Snapshot, now: Instant) -> TimeDelta {
    now - snapshot.synced_at
}

/// Whether rights may rest on the copy.
pub(crate) fn tells_rights(snapshot: &Snapshot, now: Instant) -> bool {
    age(snapshot, now) <= OLDEST_FOR_RIGHTS
}

/// Rights may rest on the copy.
///
/// # Errors
/// [`Error::DirectoryTooOld`] if it is too old for that.
pub fn ensure_tells_rights(snapshot: &Snapshot, now: Instant) -> Result<(), Error> {
    if tells_rights(snapshot, now) {
        return Ok(());
    }
    Err(Error::DirectoryTooOld { synced_at: snapshot.synced_at })
}

/// Where a verdict asks for reviewers, who they are must be known.
///
/// # Errors
/// [`Error::DirectoryTooOld`] if the copy is too old to tell.
pub(crate) fn ensure_reviewers_are_known(
    verdict: &Verdict,
    snapshot: &Snapshot,
    now: Instant,
) -> Result<(), Error> {
    if verdict.requirements().is_empty() { Ok(()) } else { ensure_tells_rights(snapshot, now) }
}
