//! How people's commands are answered, and what may fail when.

use chrono::TimeDelta;
use kari_application::Error;
use kari_application::reconcile::Report;
use kari_application::record_attempt::MOST_ORDINARY_PER_DAY;
use kari_application::submit_request::Wanted;
use kari_domain::ids::{RequestId, Tuple, UserId};
use kari_domain::policy::Reason;
use kari_domain::request::{Decision, Refusal};
use kari_domain::time::Instant;

use super::rules::{Asking, Word, could_be_met, word};
use super::{RequestWatch, Watch};
use crate::commands::{Deed, tuples};
use crate::tasks::TaskId;

impl Watch {
    /// A person's command was answered.
    pub fn answered(
        &mut self,
        task: TaskId,
        who: &UserId,
        deed: &Deed,
        answers: &[Result<RequestId, Error>],
    ) {
        self.tell(|| format!("answered {who} {} {answers:?}", deed.name()));
        let refused = |answer: &&Result<RequestId, Error>| matches!(answer, Err(Error::Refused(_)));
        let recorded = self.attempts.remove(&task).unwrap_or_default();
        let refused = answers.iter().filter(refused).count();
        let attempted = self.refused.entry(who.clone()).or_default();
        let code = |answer: &Result<RequestId, Error>| answer.as_ref().err().and_then(Error::refusal_code);
        *attempted += answers.iter().filter_map(code).count();
        // So many a day are recorded, not more.
        let bounded = *attempted as u64 > MOST_ORDINARY_PER_DAY;
        let began = self.began.get(&task).map_or(self.now, |(_, at)| *at);
        if self.calm_since(began) && refused > recorded && !bounded {
            self.violate("who was refused is recorded", format!("{who} {deed:?}"));
        }
        for (place, answer) in answers.iter().enumerate() {
            let outcome = match answer {
                Ok(_) => "done",
                Err(error) => error.refusal_code().unwrap_or("failed"),
            };
            self.digest(outcome);
            self.coverage.answered(task, place, outcome);
            match answer {
                Ok(id) => {
                    self.check_done(who, deed, *id);
                    self.check_repeat(who, deed, place, *id);
                }
                Err(error) => self.check_refused(task, who, deed, error),
            }
            if let (Deed::Submit(wanted), Err(Error::Refused(refusal))) = (deed, answer) {
                self.check_submission_refused(task, who, (wanted, place), refusal);
            }
        }
    }

    fn check_submission_refused(
        &mut self,
        task: TaskId,
        who: &UserId,
        (wanted, place): (&Wanted, usize),
        refusal: &Refusal,
    ) {
        let (account, permission_set) = (&wanted.accounts[place], &wanted.permission_set);
        let too_few = |reason: &Reason| matches!(reason, Reason::NotEnoughReviewers { .. });
        if matches!(refusal, Refusal::AlreadyRequested) {
            let tuple = tuples(who, wanted).nth(place).expect("an answer for each account");
            self.check_in_the_way(task, &tuple);
        } else if let Refusal::Ineligible { reasons } = refusal
            && reasons.iter().any(too_few)
        {
            let (minutes, ticket) = (wanted.duration.0, wanted.ticket.is_some());
            self.check_too_few(task, Asking { who, account, permission_set, minutes, ticket });
        }
    }

    /// Who could review is told by a copy of the directory that may be old: it is wrong only if enough
    /// people could at any time.
    fn check_too_few(&mut self, task: TaskId, asking: Asking<'_>) {
        let began = self.began.get(&task).map_or(0, |(step, _)| *step);
        let enough = self.organization.iter().all(|(_, snapshot)| {
            matches!(word(&self.policies, snapshot, asking), Word::Ask(needed) if could_be_met(&needed))
        });
        if enough && self.policies_changed_at < began {
            self.violate("what enough people could review is not refused", format!("{asking:?}"));
        }
    }

    /// Who is told that they have asked already has an open request: what has lapsed is in nobody's way,
    /// recorded or not.
    fn check_in_the_way(&mut self, task: TaskId, tuple: &Tuple) {
        let began = self.began.get(&task).map_or(self.now, |(_, at)| *at);
        let mut others = self.requests.values().filter(|request| request.tuple == *tuple);
        if !others.any(|request| was_open_since(request, began)) {
            self.violate("what has lapsed is in nobody's way", format!("{tuple:?}"));
        }
    }

    /// Who sends the same under the same key within seven days gets what the first sending made.
    fn check_repeat(&mut self, who: &UserId, deed: &Deed, place: usize, id: RequestId) {
        let Deed::Submit(wanted) = deed else { return };
        let (now, kept) = (self.now, TimeDelta::days(7));
        let sent = format!("{who} {place} {wanted:?}");
        let (first, at) = *self.sent.entry(sent).or_insert((id, now));
        if first != id && now < at + kept {
            self.violate("a repeat is answered with what was made first", format!("{first} {id}"));
        }
    }

    fn check_done(&mut self, who: &UserId, deed: &Deed, id: RequestId) {
        let requester = self.requests.get(&id).map(|request| request.tuple.principal.clone());
        match deed {
            Deed::Submit(_) | Deed::Withdraw(_) if requester.as_ref() != Some(who) => {
                self.violate("only the requester submits and withdraws", format!("{id} {who}"));
            }
            Deed::Approve(_) | Deed::Deny(_) if requester.as_ref() == Some(who) => {
                self.violate("nobody reviews their own request", format!("{id}"));
            }
            Deed::Approve(_) if !self.said(id, who, Decision::Approve) => {
                self.violate("a review that is said to be done was recorded", format!("{id} {who}"));
            }
            Deed::Deny(_) if !self.said(id, who, Decision::Deny) => {
                self.violate("a review that is said to be done was recorded", format!("{id} {who}"));
            }
            Deed::Submit(_) | Deed::Withdraw(_) | Deed::Approve(_) | Deed::Deny(_) | Deed::Revoke(_) => {}
        }
    }

    fn said(&self, id: RequestId, who: &UserId, decision: Decision) -> bool {
        let asked = self.requests.get(&id).and_then(|request| request.state.asked());
        asked.is_some_and(|asked| {
            asked.reviews.iter().any(|review| review.reviewer == *who && review.decision == decision)
        })
    }

    fn check_refused(&mut self, task: TaskId, who: &UserId, deed: &Deed, error: &Error) {
        let began = self.began.get(&task).map_or(self.now, |(_, at)| *at);
        let requester = deed.request().and_then(|id| self.requests.get(&id)).map(|r| &r.tuple.principal);
        if let (Deed::Revoke(id), Error::Refused(refusal)) = (deed, error)
            && requester == Some(who)
            && !matches!(refusal, Refusal::WrongState { .. })
        {
            self.violate("ending needs no eligibility", format!("{id} {refusal:?}"));
        }
        // Identity Center takes 20 calls a second, also in calm weather.
        if self.calm_since(began) && matches!(error, Error::Busy) {
            self.violate("nothing fails in calm weather", format!("{who} {deed:?} {error}"));
        }
    }

    /// Something the system does by itself failed.
    pub fn failed(&mut self, what: &'static str, error: &Error, stormy: bool) {
        self.tell(|| format!("{what} failed: {error:?}"));
        match error {
            Error::Unavailable(_) => self.coverage.count("a task met an unavailable port"),
            Error::Corrupt(_) => {
                self.coverage.count("a task met a corrupt stream");
                if self.poisoned.is_empty() {
                    self.violate("recorded events can be replayed", format!("{what} {error}"));
                }
            }
            Error::Busy => {
                self.coverage.count("a task met too many others");
                if !stormy && self.is_strict() {
                    self.violate("nothing fails in calm weather", format!("{what} {error}"));
                }
            }
            // What only people can be told.
            Error::Refused(_)
            | Error::DirectoryTooOld { .. }
            | Error::NotFound
            | Error::UnknownCaller
            | Error::Replayed
            | Error::BadPolicy(_)
            | Error::PolicyExists
            | Error::StaleVersion { .. }
            | Error::BadCursor => {
                self.violate("the system does not refuse itself", format!("{what} {error:?}"));
            }
        }
    }

    /// What a sweep or a comparison says it has done. In calm weather no item fails unless a call of this
    /// task did: Identity Center takes so many calls a second, and accounts may be out of reach. A request
    /// that cannot be understood fails each time.
    pub fn reported(&mut self, task: TaskId, what: &'static str, report: &Report) {
        if report.left > 0 {
            self.coverage.count(format!("{what}: time was over"));
        }
        let troubles = self.troubles.remove(&task).unwrap_or_default();
        let reasons = troubles + self.poisoned.len();
        if self.is_strict() && report.failed > reasons {
            self.violate("nothing fails in calm weather", format!("{what} {report:?}, {reasons} reasons"));
        }
    }
}

/// Whether it could still be reviewed or used at some moment since then.
fn was_open_since(request: &RequestWatch, then: Instant) -> bool {
    let approved = request.events.iter().any(|(_, event)| event.name() == "approved");
    let lapses_at = request.state.asked().map(|asked| asked.submission.lapses_at).filter(|_| !approved);
    let until = request.open_until.into_iter().chain(lapses_at).min();
    until.is_none_or(|until| until >= then)
}
