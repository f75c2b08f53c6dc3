//! Notices for a channel that another function carries. What is told of an event reaches that function with the
//! event itself; what is told without one is left for it here, and fetched within minutes.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;

use crate::ports::{Clock, NewNote, Notes, Notification, Notifier, Unavailable};

const GROUP: &str = "notices";
/// What nobody fetches, because there is no such channel, is forgotten.
const KEPT_FOR: TimeDelta = TimeDelta::days(3);

/// Where notices are left.
#[derive(Clone)]
pub struct Notices {
    pub notes: Arc<dyn Notes>,
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Notices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Notices")
    }
}

#[async_trait]
impl Notifier for Notices {
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        let malformed = |error| Unavailable::new("a notice", error);
        let kind = serde_json::to_string(&notification.kind).map_err(malformed)?;
        let body = serde_json::to_string(notification).map_err(malformed)?;
        let key = format!("{kind}/{}/{}", notification.stream, notification.sequence);
        // NB. From now on: an alarm may be told long after what it tells of, and would be forgotten at once.
        let until = notification.at.max(self.clock.now()) + KEPT_FOR;
        let note = NewNote { group: GROUP, key: &key, body: &body, until };
        // Where it lies already it is not left again.
        self.notes.write(&note, 0).await.map(drop)
    }
}

impl Notices {
    /// Tells the channel what was left for it. What it does not take now stays; what cannot be read is of another
    /// version, which will fetch it.
    ///
    /// # Errors
    /// The first failure, after everything was tried.
    pub async fn fetch_for(&self, channel: &dyn Notifier) -> Result<(), Unavailable> {
        let mut outcome = Ok(());
        for note in self.notes.all(GROUP).await? {
            let Ok(notification) = serde_json::from_str(&note.body) else { continue };
            let told = channel.deliver(&notification).await;
            if told.is_ok() {
                self.notes.erase(GROUP, &note.key, note.revision).await?;
            }
            outcome = outcome.and(told);
        }
        outcome
    }
}
