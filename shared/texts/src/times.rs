//! From when until when, in words.

use kari_domain::request::{AccessRequest, Asked, Grant};
use kari_domain::time::Instant;

use crate::said::{Piece, Said, duration, said};
use crate::voice::Voice;

/// From when access is wanted or granted, until when, and until when an open session may last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    pub begins: Vec<Said>,
    pub ends: Vec<Said>,
    /// Nothing once it is over: then the status says it.
    pub open_sessions: Option<Vec<Said>>,
}

impl Voice<'_> {
    /// The times of what was asked for, or of what became of it.
    pub fn times(&self, asked: &Asked, request: Option<&AccessRequest>) -> Times {
        let texts = self.texts();
        let closed_at = request.and_then(closed_at);
        let window = window(asked, request.and_then(AccessRequest::grant), closed_at);
        let (begins, ends, open_sessions) = if let Some((starts_at, expires_at, sessions_until)) = window {
            let until = said(texts.open_sessions_until, &[("at", Piece::At(sessions_until))]);
            (vec![Said::At(starts_at)], vec![Said::At(expires_at)], until)
        } else {
            let lasts = duration(self.language, asked.submission.duration_minutes);
            let longer = duration(self.language, asked.verdict.session_duration_minutes);
            (
                said(texts.begins_at_once, &[]),
                said(texts.ends_after, &[("duration", Piece::Text(&lasts))]),
                said(texts.open_sessions_after, &[("duration", Piece::Text(&longer))]),
            )
        };
        Times { begins, ends, open_sessions: closed_at.is_none().then_some(open_sessions) }
    }
}

/// When it begins and ends and open sessions do, as far as that is fixed; what ended early ended then.
fn window(
    asked: &Asked,
    grant: Option<&Grant>,
    closed_at: Option<Instant>,
) -> Option<(Instant, Instant, Instant)> {
    if let Some(grant) = grant {
        let planned = grant.window.expires_at;
        let ends = closed_at.map_or(planned, |closed_at| closed_at.min(planned));
        return Some((grant.window.starts_at, ends, grant.open_sessions_until));
    }
    let start = asked.submission.start?;
    let ends = start + asked.submission.duration_minutes.delta();
    Some((start, ends, ends + asked.verdict.session_duration_minutes.delta()))
}

fn closed_at(request: &AccessRequest) -> Option<Instant> {
    match request {
        AccessRequest::Closed(state) => Some(state.closed_at),
        AccessRequest::Absent
        | AccessRequest::Pending(_)
        | AccessRequest::Approved(_)
        | AccessRequest::Activating(_)
        | AccessRequest::Active(_)
        | AccessRequest::Ending(_) => None,
    }
}
