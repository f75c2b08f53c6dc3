//! What is good for one command only, such as a message that somebody signed: it is taken in the very append of
//! what it commands, so that whoever sends it again is refused, and nothing is taken for a command that failed
//! for other reasons.

use kari_domain::time::Instant;

use crate::ports::ClaimChange;
use crate::{Error, Kari};

/// Something that is good for one command only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTime {
    /// What it is; the same every time it comes.
    pub key: String,
    /// This use of it; another one every time it comes, and the same where this use is repeated.
    pub use_id: String,
    /// When it is no good any more by itself.
    pub until: Instant,
}

impl OneTime {
    pub(crate) fn claim(&self) -> ClaimChange {
        ClaimChange::Take { key: self.claim_key(), value: self.use_id.clone(), until: Some(self.until) }
    }

    pub(crate) fn claim_key(&self) -> String {
        format!("one-time/{}", self.key)
    }
}

/// Whether something was recorded by this very use of it.
///
/// # Errors
/// If that cannot be read.
pub async fn was_used(kari: &Kari, one_time: &OneTime) -> Result<bool, Error> {
    let holder = kari.store.holder(&one_time.claim_key(), kari.clock.now()).await?;
    Ok(holder.is_some_and(|holder| holder == one_time.use_id))
}
