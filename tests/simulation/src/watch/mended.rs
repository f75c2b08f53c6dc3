//! What the guard says about the records: it finds nothing in what nobody touched, and puts right what was
//! damaged, as the events have it.

use kari_application::Error;
use kari_application::ports::ItemKey;
use kari_domain::audit::StreamId;

use super::Watch;
use crate::tasks::TaskId;

impl Watch {
    /// A state item was damaged.
    pub fn damaged(&mut self, stream: StreamId) {
        self.digest(stream.as_str());
        self.tell(|| format!("damaged {stream}"));
        self.coverage.count("a state item was damaged");
        self.damaged.insert(stream, None);
    }

    /// Whether this ever was.
    pub(super) fn was_damaged(&self, stream: &StreamId) -> bool {
        self.damaged.contains_key(stream)
    }

    /// A state item was put, by itself or with an event.
    pub(super) fn put_right(&mut self, key: &ItemKey, by_itself: bool) {
        let now = self.now;
        let Some(at @ None) = self.damaged.get_mut(&StreamId::from_stored(key.0.clone())) else { return };
        *at = Some(now);
        self.coverage.count(if by_itself {
            "what was damaged was put right"
        } else {
            "what was damaged was recorded anew"
        });
    }

    /// Records were checked. What is wrong with one that was damaged may be told until it was put right.
    pub fn checked(&mut self, task: TaskId, stream: Option<&StreamId>, well: bool) {
        let began = self.began.get(&task).map_or(self.now, |(_, at)| *at);
        let put_right = stream.and_then(|stream| self.damaged.get(stream));
        let wrong = put_right.is_some_and(|at| at.is_none_or(|at| at >= began));
        let poisoned = stream.and_then(StreamId::as_request).is_some_and(|id| self.poisoned.contains(&id));
        if !well && !wrong && !poisoned {
            self.violate("the verifier finds nothing in what nobody tampered with", format!("{stream:?}"));
        }
    }

    /// Records could not be checked.
    pub fn check_failed(&mut self, task: TaskId, error: &Error, stormy: bool) {
        let began = self.began.get(&task).map_or(self.now, |(_, at)| *at);
        if self.calm_since(began) {
            self.violate("nothing fails in calm weather", format!("check the records {error}"));
        }
        self.failed("check the records", error, stormy);
    }

    /// In the end nothing is damaged any more.
    pub fn check_all_mended(&mut self) {
        let left = self.damaged.iter().filter(|(_, put_right)| put_right.is_none());
        let left: Vec<String> = left.map(|(stream, _)| stream.to_string()).collect();
        for detail in left {
            self.violate("what was damaged is put right", detail);
        }
    }
}
