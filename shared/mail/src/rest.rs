//! When none is written to for a while, since nobody takes a letter.

use chrono::TimeDelta;
use kari_domain::time::Instant;

/// After it was found that no letter is taken at all, none is tried for so long: whoever tries a wrong password again and
/// again is locked out, and behind letters to a server that does not answer everything else would wait.
const REST: TimeDelta = TimeDelta::minutes(1);
/// At most, however many letters in a row had no answer.
const LONGEST: TimeDelta = TimeDelta::hours(1);
/// Where nobody has answered for so long, somebody has to look.
const TOO_LONG: TimeDelta = TimeDelta::hours(1);

#[derive(Debug, Default)]
pub(crate) struct Rest {
    until: Option<Instant>,
    /// For how long after the next letter without an answer, where the last one had none either.
    longer: Option<TimeDelta>,
    nobody_answers_since: Option<Instant>,
}

impl Rest {
    pub(crate) fn is_on(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    /// NB. Letters that were under way together find the same: only the first of them counts.
    pub(crate) fn begin(&mut self, now: Instant) {
        if !self.is_on(now) {
            self.until = Some(now + REST);
        }
    }

    /// Each time twice as long: what had no answer may have been taken, and comes once more each time.
    pub(crate) fn begin_longer(&mut self, now: Instant) {
        if !self.is_on(now) {
            let length = self.longer.unwrap_or(REST);
            self.until = Some(now + length);
            self.longer = Some((length * 2).min(LONGEST));
        }
    }

    /// Whether that is so for too long by now.
    pub(crate) fn nobody_answers(&mut self, now: Instant) -> bool {
        now >= *self.nobody_answers_since.get_or_insert(now) + TOO_LONG
    }

    pub(crate) fn somebody_answers(&mut self) {
        (self.longer, self.nobody_answers_since) = (None, None);
    }
}
