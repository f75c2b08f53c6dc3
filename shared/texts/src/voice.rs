//! Where a request is, in sentences: what was recorded, and what happens next.

use kari_application::ports::NotificationKind;
use kari_domain::directory::Snapshot;
use kari_domain::ids::{Target, UserId};
use kari_domain::request::{
    AccessRequest, Approval, Asked, Closed, Decision, EndCause, EndingState, Evidence, FailureReason, Grant,
    Outcome, Past, Review,
};
use kari_domain::settings::Language;
use serde::{Deserialize, Serialize};

use crate::names::Names;
use crate::said::{Piece, Said, duration, plain, said};
use crate::texts::{Texts, texts};

/// What somebody is told by a message of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterKind {
    /// To the requester: it waits for approval.
    Received,
    /// To reviewers: it still waits, and lapses soon.
    Remind,
    /// To the requester: the removal of their access is blocked.
    OwnRemovalBlocked,
    #[serde(untagged)]
    Told(NotificationKind),
}

impl LetterKind {
    /// What this reader is told: of their own access in other words than administrators.
    #[must_use]
    pub fn to(self, reader: &UserId, request: Option<&AccessRequest>) -> Self {
        let asked = request.and_then(AccessRequest::asked);
        let is_own = asked.is_some_and(|asked| asked.submission.requester == *reader);
        if is_own && self == Self::Told(NotificationKind::RemovalBlocked) {
            Self::OwnRemovalBlocked
        } else {
            self
        }
    }
}

/// In whose words.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    pub language: Language,
    pub names: Names<'a>,
}

/// What somebody said to a request, and who.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remark<'a> {
    pub by: &'a UserId,
    pub label: &'a str,
    pub words: &'a str,
}

impl Voice<'_> {
    /// The texts of its language.
    pub fn texts(&self) -> &'static Texts {
        texts(self.language)
    }

    /// What a message tells, in one sentence.
    pub fn title(&self, kind: LetterKind) -> &'static str {
        let texts = self.texts();
        match kind {
            LetterKind::Received => texts.letter_received,
            LetterKind::Remind => texts.letter_remind,
            LetterKind::OwnRemovalBlocked => texts.letter_blocked_own,
            LetterKind::Told(kind) => match kind {
                NotificationKind::ReviewWanted => texts.letter_review,
                NotificationKind::Approved => texts.letter_approved,
                NotificationKind::Denied => texts.letter_denied,
                NotificationKind::Withdrawn => texts.letter_withdrawn,
                NotificationKind::Lapsed => texts.letter_lapsed,
                NotificationKind::Active => texts.letter_active,
                NotificationKind::ExpiringSoon => texts.letter_expiring,
                NotificationKind::Failed => texts.letter_failed,
                NotificationKind::Expired => texts.letter_expired,
                NotificationKind::Revoked => texts.letter_revoked,
                NotificationKind::RemovalOverdue => texts.letter_overdue,
                NotificationKind::RemovalBlocked => texts.letter_blocked,
                NotificationKind::PoliciesChanged => texts.letter_policies,
                NotificationKind::PolicyNeedsAttention => texts.letter_attention,
                NotificationKind::DirectoryTooOld => texts.letter_directory,
                NotificationKind::DriftFound => texts.letter_drift,
                NotificationKind::RecordsUnreadable => texts.letter_unreadable,
            },
        }
    }

    /// The permission set and the account.
    pub fn what(&self, asked: &Asked) -> String {
        let (set, account) = (self.names.permission_set(asked), self.names.account(asked));
        self.what_on(&set, &account, &asked.submission.target)
    }

    /// The same of a target that nobody asked for just now.
    pub fn what_at(&self, target: &Target) -> String {
        let Snapshot { accounts, permission_sets, .. } = self.names.0;
        let account = accounts.get(&target.account).map_or(target.account.as_str(), |account| &account.name);
        let set = permission_sets.get(&target.permission_set);
        self.what_on(set.map_or(target.permission_set.as_str(), |set| &set.name), account, target)
    }

    fn what_on(&self, permission_set: &str, account: &str, target: &Target) -> String {
        let pieces = [
            ("permission_set", Piece::Text(permission_set)),
            ("account", Piece::Text(account)),
            ("id", Piece::Text(target.account.as_str())),
        ];
        plain(self.texts().what_on, &pieces)
    }

    /// What somebody asked for in so many accounts at once.
    pub fn what_of(&self, requester: &str, asked: &Asked, count: usize) -> String {
        let (set, count) = (self.names.permission_set(asked), count.to_string());
        let pieces = [
            ("requester", Piece::Text(requester)),
            ("permission_set", Piece::Text(&set)),
            ("count", Piece::Text(&count)),
        ];
        plain(self.texts().asks_for_many, &pieces)
    }

    /// The permission set and the account; and who asked, where that is somebody else than whoever is told.
    pub fn what_to_tell(&self, kind: LetterKind, asked: &Asked) -> String {
        let what = self.what(asked);
        match kind {
            LetterKind::Remind
            | LetterKind::Told(
                NotificationKind::ReviewWanted
                | NotificationKind::Withdrawn
                | NotificationKind::RemovalOverdue
                | NotificationKind::RemovalBlocked,
            ) => {
                let requester = self.names.requester(asked);
                let pieces = [("what", Piece::Text(&what)), ("requester", Piece::Text(&requester))];
                plain(self.texts().what_for, &pieces)
            }
            LetterKind::Received | LetterKind::OwnRemovalBlocked | LetterKind::Told(_) => what,
        }
    }

    /// Where the request is, and how long sessions may go on where somebody has access.
    pub fn status_and_sessions(&self, request: &AccessRequest) -> Vec<Said> {
        let sessions = match request {
            AccessRequest::Active(state) => {
                let until = Piece::At(state.grant.open_sessions_until);
                said(self.texts().sessions_may_last, &[("at", until)])
            }
            AccessRequest::Absent
            | AccessRequest::Pending(_)
            | AccessRequest::Approved(_)
            | AccessRequest::Activating(_)
            | AccessRequest::Ending(_)
            | AccessRequest::Closed(_) => vec![],
        };
        self.joined([self.status(request), sessions])
    }

    /// Where the request is, in one paragraph.
    pub fn status(&self, request: &AccessRequest) -> Vec<Said> {
        let texts = self.texts();
        match request {
            AccessRequest::Absent => vec![],
            AccessRequest::Pending(state) => {
                said(texts.waits, &[("at", Piece::At(state.asked.submission.lapses_at))])
            }
            AccessRequest::Approved(state) => {
                let begins = match state.asked.submission.start {
                    Some(start) if start > state.approved_at => {
                        said(texts.begins_later, &[("at", Piece::At(start))])
                    }
                    Some(_) | None => said(texts.prepared, &[]),
                };
                self.joined([self.approval(&state.approval), begins])
            }
            AccessRequest::Activating(state) => {
                self.joined([self.approval(&state.grant.approval), until(texts.being_set_up, &state.grant)])
            }
            AccessRequest::Active(state) => {
                let ended = state.revocation.as_ref().map_or_else(Vec::new, |revocation| {
                    by(texts.being_ended, &self.names.person(&revocation.by, &revocation.label))
                });
                self.joined([until(texts.active, &state.grant), self.approval(&state.grant.approval), ended])
            }
            AccessRequest::Ending(state) => self.ending(state),
            AccessRequest::Closed(state) => self.closed(state),
        }
    }

    /// Who approved it.
    pub fn approval(&self, approval: &Approval) -> Vec<Said> {
        match approval {
            Approval::Policy => said(self.texts().approved_by_policy, &[]),
            Approval::Reviewers { reviewers, .. } => {
                let names: Vec<_> = reviewers.iter().map(|id| self.names.of(id)).collect();
                by(self.texts().approved_by, &names.join(self.texts().people_separator))
            }
        }
    }

    fn ending(&self, state: &EndingState) -> Vec<Said> {
        let texts = self.texts();
        let cause = match &state.cause {
            EndCause::Expired => said(texts.ending_expired, &[]),
            EndCause::Revoked { by: who, label, .. } => {
                by(texts.ending_revoked, &self.names.person(who, label))
            }
            EndCause::ActivationFailed { code, .. } => because(texts.ending_failed, (texts.trouble)(*code)),
            EndCause::RemovedOutOfBand => said(texts.ending_removed, &[]),
            EndCause::RequesterDisabled => said(texts.ending_disabled, &[]),
            EndCause::Drained => said(texts.ending_drained, &[]),
        };
        let blocked = state.blocked.as_ref().map(|(code, _)| because(texts.blocked, (texts.trouble)(*code)));
        let overdue = state.overdue.then(|| said(texts.overdue, &[]));
        self.joined([cause, blocked.or(overdue).unwrap_or_default()])
    }

    fn closed(&self, state: &Closed) -> Vec<Said> {
        let texts = self.texts();
        let outcome = match (state.outcome, &state.past) {
            (_, Past::Ended(ended)) => self.ended(state, ended),
            (Outcome::Denied, past) => {
                let denied = past.asked().reviews.iter().find(|review| review.decision == Decision::Deny);
                by(texts.denied, &denied.map(|review| self.reviewer(review)).unwrap_or_default())
            }
            (Outcome::Withdrawn, _) => said(texts.withdrawn, &[]),
            (Outcome::Lapsed, _) => said(texts.lapsed, &[("at", Piece::At(state.closed_at))]),
            (Outcome::Revoked, _) => said(texts.ended_unbegun, &[]),
            (Outcome::Failed | Outcome::Expired, _) => {
                let why = state.reason.as_ref().map(|reason| self.failure(reason)).unwrap_or_default();
                because(texts.failed, &why)
            }
        };
        let stays = match &state.evidence {
            Some(Evidence::HeldByAnother) => said(texts.held_by_another, &[]),
            Some(Evidence::PreExisting) => said(texts.pre_existing, &[]),
            Some(Evidence::ObservedGone { .. } | Evidence::ProvenAbsent { .. }) | None => vec![],
        };
        let gone = state.evidence.as_ref().is_some_and(Evidence::shows_it_gone);
        let until = state.open_sessions_until.filter(|until| gone && *until > state.closed_at);
        let sessions = until.map(|until| said(texts.sessions_may_last, &[("at", Piece::At(until))]));
        self.joined([outcome, stays, sessions.unwrap_or_default()])
    }

    fn ended(&self, state: &Closed, ended: &EndingState) -> Vec<Said> {
        let texts = self.texts();
        match &ended.cause {
            EndCause::Expired => said(texts.expired, &[("at", Piece::At(ended.grant.window.expires_at))]),
            EndCause::Revoked { by: who, label, .. } => by(texts.revoked, &self.names.person(who, label)),
            EndCause::RemovedOutOfBand => said(texts.removed, &[]),
            EndCause::RequesterDisabled => said(texts.requester_disabled, &[]),
            EndCause::Drained => said(texts.drained, &[]),
            EndCause::ActivationFailed { code, .. } => {
                let reason = state.reason.as_ref().map(|reason| self.failure(reason));
                because(texts.not_set_up, reason.as_deref().unwrap_or((texts.trouble)(*code)))
            }
        }
    }

    /// Who reviewed it.
    pub fn reviewer(&self, review: &Review) -> String {
        self.names.person(&review.reviewer, &review.label)
    }

    fn failure(&self, reason: &FailureReason) -> String {
        let texts = self.texts();
        match reason {
            FailureReason::NoLongerEligible { .. } => texts.no_longer_eligible.to_owned(),
            FailureReason::ApprovalNowNeeded => texts.approval_now_needed.to_owned(),
            FailureReason::JoinedWindowTooLong { longest_minutes } => {
                let longest = duration(self.language, *longest_minutes);
                plain(texts.joined_too_long, &[("duration", Piece::Text(&longest))])
            }
            FailureReason::ActivationDeadline => texts.not_in_time.to_owned(),
        }
    }

    /// Where the request is, in a word.
    pub fn short(&self, request: &AccessRequest) -> &'static str {
        let texts = self.texts();
        match request {
            AccessRequest::Absent | AccessRequest::Pending(_) => texts.short_pending,
            AccessRequest::Approved(_) => texts.short_approved,
            AccessRequest::Activating(_) => texts.short_activating,
            AccessRequest::Active(_) => texts.short_active,
            AccessRequest::Ending(_) => texts.short_ending,
            AccessRequest::Closed(Closed {
                outcome: Outcome::Revoked,
                past: Past::Pending(_) | Past::Approved(_),
                ..
            }) => texts.short_unbegun,
            AccessRequest::Closed(state) => self.outcome(state.outcome),
        }
    }

    /// How a request came out, in a word.
    pub fn outcome(&self, outcome: Outcome) -> &'static str {
        let texts = self.texts();
        match outcome {
            Outcome::Denied => texts.short_denied,
            Outcome::Withdrawn => texts.short_withdrawn,
            Outcome::Lapsed => texts.short_lapsed,
            Outcome::Failed => texts.short_failed,
            Outcome::Expired => texts.short_expired,
            Outcome::Revoked => texts.short_revoked,
        }
    }

    /// Sentences one after the other; Japanese has no space between them.
    fn joined<const N: usize>(&self, sentences: [Vec<Said>; N]) -> Vec<Said> {
        let mut all: Vec<Said> = vec![];
        for sentence in sentences.into_iter().filter(|sentence| !sentence.is_empty()) {
            if !all.is_empty() && self.language == Language::En {
                all.push(Said::Text(" ".to_owned()));
            }
            all.extend(sentence);
        }
        all
    }
}

fn until(template: &str, grant: &Grant) -> Vec<Said> {
    said(template, &[("at", Piece::At(grant.window.expires_at))])
}

fn by(template: &str, who: &str) -> Vec<Said> {
    said(template, &[("by", Piece::Text(who))])
}

fn because(template: &str, why: &str) -> Vec<Said> {
    said(template, &[("why", Piece::Text(why))])
}

/// A sign that is seen before anything is read.
pub fn sign(request: &AccessRequest) -> &'static str {
    match request {
        AccessRequest::Absent | AccessRequest::Pending(_) => "🟡",
        AccessRequest::Approved(_) | AccessRequest::Activating(_) => "🔵",
        AccessRequest::Active(_) => "🟢",
        AccessRequest::Ending(state) if state.overdue || state.blocked.is_some() => "🔴",
        AccessRequest::Ending(_) => "🟠",
        AccessRequest::Closed(state) => match state.outcome {
            Outcome::Denied | Outcome::Failed => "🔴",
            Outcome::Withdrawn | Outcome::Lapsed | Outcome::Expired | Outcome::Revoked => "⚪",
        },
    }
}

/// What was said: of access that ends, by whoever ends it; of what was denied, by whoever denied it; otherwise by each
/// of its reviewers, the first one first.
pub fn remarks(request: &AccessRequest) -> Vec<Remark<'_>> {
    let cause = match request {
        AccessRequest::Ending(state) => Some(&state.cause),
        AccessRequest::Closed(Closed { past: Past::Ended(state), .. }) => Some(&state.cause),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Closed(_) => None,
    };
    match cause {
        None => request.asked().map(|asked| by_reviewers(&asked.reviews)).unwrap_or_default(),
        Some(EndCause::Revoked { by, label, comment: Some(comment) }) => {
            vec![Remark { by, label, words: comment.as_str() }]
        }
        Some(
            EndCause::Revoked { comment: None, .. }
            | EndCause::Expired
            | EndCause::ActivationFailed { .. }
            | EndCause::RemovedOutOfBand
            | EndCause::RequesterDisabled
            | EndCause::Drained,
        ) => vec![],
    }
}

fn by_reviewers(reviews: &[Review]) -> Vec<Remark<'_>> {
    let denied = reviews.iter().any(|review| review.decision == Decision::Deny);
    let counting = reviews.iter().filter(|review| !denied || review.decision == Decision::Deny);
    let remarks = counting.filter_map(|review| {
        let Review { reviewer: by, label, comment, .. } = review;
        Some(Remark { by, label, words: comment.as_ref()?.as_str() })
    });
    remarks.collect()
}
