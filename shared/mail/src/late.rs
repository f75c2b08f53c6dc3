//! What is to be written while no letter is taken from our account at all: its sending was paused, a quota is used up,
//! the server does not answer. It is remembered here and written once that is mended, as far as it is news by then, so
//! that no record has to wait for it.

use std::sync::{MutexGuard, PoisonError};

use chrono::TimeDelta;
use kari_application::ports::{NewNote, Notification, Unavailable};
use kari_domain::time::Instant;

use crate::delivery::{Mail, Written, key};

const GROUP: &str = "mail-late";
/// What could not be written for so long is found in the portal alone.
const AT_MOST_LATE: TimeDelta = TimeDelta::days(1);
/// For so long it is caught up with at once: whoever does so has other things to do.
const AT_MOST: TimeDelta = TimeDelta::seconds(10);
/// It is done no more often, however often it is asked for: a server that does not answer takes its time.
const EACH: TimeDelta = TimeDelta::seconds(50);

/// How far catching up has come.
#[derive(Debug, Default)]
pub(crate) struct Late {
    began_at: Option<Instant>,
    /// The key of what was tried last.
    behind: Option<String>,
}

impl Mail {
    /// Leaves it for later. Where it lies already it is not left again.
    ///
    /// NB. The day counts from now: an alarm may be told long after what it tells of, and would be forgotten at once.
    pub(crate) async fn put_off(&self, notification: &Notification) -> Result<(), Unavailable> {
        let at = notification.at.max(self.kari.clock.now());
        let body = serde_json::to_string(&Notification { at, ..notification.clone() });
        let body = body.map_err(|error| Unavailable::new("what is put off", error))?;
        let (key, until) = (key(notification), at + AT_MOST_LATE);
        self.notes.write(&NewNote { group: GROUP, key: &key, body: &body, until }, 0).await.map(drop)
    }

    /// Writes what was put off, until it is found again that no letter is taken. One that fails stays, and holds up no
    /// other for long: the next time begins behind what was tried last.
    pub(crate) async fn write_what_was_put_off(&self) -> Result<(), Unavailable> {
        let now = self.kari.clock.now();
        if self.rests() || self.late().began_at.is_some_and(|at| now < at + EACH) {
            return Ok(());
        }
        self.late().began_at = Some(now);
        let (until, mut outcome) = (now + AT_MOST, Ok(()));
        let mut notes = self.notes.all(GROUP).await?;
        let behind = self.late().behind.clone();
        let tried = notes.iter().position(|note| behind.as_ref() == Some(&note.key));
        notes.rotate_left(tried.map_or(0, |place| place + 1));
        for note in notes {
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
            self.late().behind = Some(note.key.clone());
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

    fn late(&self) -> MutexGuard<'_, Late> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
