//! What is to be written while no letter is taken from our account at all: its sending was paused, a quota is used up.
//! It is remembered here and written once that is mended, as far as it is news by then, so that no record has to wait
//! for it.

use chrono::TimeDelta;
use kari_application::ports::{NewNote, Notification, Unavailable};

use crate::delivery::{Mail, Written, key};

const GROUP: &str = "mail-late";
/// What could not be written for so long is found in the portal alone.
const AT_MOST_LATE: TimeDelta = TimeDelta::days(1);
/// For so long it is caught up with at once: whoever does so has other things to do.
const AT_MOST: TimeDelta = TimeDelta::seconds(10);

impl Mail {
    /// Leaves it for later. Where it lies already it is not left again.
    pub(crate) async fn put_off(&self, notification: &Notification) -> Result<(), Unavailable> {
        let body = serde_json::to_string(notification);
        let body = body.map_err(|error| Unavailable::new("what is put off", error))?;
        let (key, until) = (key(notification), notification.at + AT_MOST_LATE);
        self.notes.write(&NewNote { group: GROUP, key: &key, body: &body, until }, 0).await.map(drop)
    }

    /// Writes what was put off, until it is found again that no letter is taken. One that fails stays, and holds up no
    /// other.
    pub(crate) async fn write_what_was_put_off(&self) -> Result<(), Unavailable> {
        if self.rests() {
            return Ok(());
        }
        let (until, mut outcome) = (self.kari.clock.now() + AT_MOST, Ok(()));
        for note in self.notes.all(GROUP).await? {
            let now = self.kari.clock.now();
            if now >= until {
                break;
            }
            // What was written has no words any more; what cannot be read is of another version, which will write it.
            let Ok(notification) = serde_json::from_str::<Notification>(&note.body) else { continue };
            let forgotten_at = notification.at + AT_MOST_LATE;
            if forgotten_at <= now {
                continue;
            }
            match self.write(&notification).await {
                Ok(Written::Done) => {
                    // Not erased: whoever tells people has the right to remember, and not to forget.
                    let done = NewNote { group: GROUP, key: &note.key, body: "", until: forgotten_at };
                    self.notes.write(&done, note.revision).await?;
                }
                Ok(Written::NoneIsTaken) => break,
                Err(error) => outcome = outcome.and(Err(error)),
            }
        }
        outcome
    }
}
