//! One line for each event.

use kari_application::ports::News;
use kari_domain::audit::{self, Actor, Envelope};
use kari_domain::ids::UserId;
use kari_domain::request::{Approval, Decision, RequestEvent};
use kari_domain::settings::Language;
use kari_texts::{Names, Piece, Texts, Voice, plain, texts};
use serde_json::Value;

use super::digest::Line;
use super::rich::{block, date, link, section, text};
use super::{Message, cut};

const LONGEST_LINE: usize = 600;

/// What was recorded, in one line, and the same as a message.
pub fn audit_line(news: &News, names: Names<'_>, language: Language, portal: &str) -> (Line, Message) {
    let (said, voice) = (texts(language), Voice { language, names });
    let actor = actor(&news.envelope.actor, names, said);
    let asked = news.request.as_ref().and_then(|shown| shown.state.asked());
    let about = match (asked, news.envelope.stream.as_tuple()) {
        (Some(asked), _) => Some((voice.what(asked), names.requester(asked))),
        (None, Some(tuple)) => Some((voice.what_at(&tuple.target), names.of(&tuple.principal))),
        (None, None) => None,
    };
    let deed = deed(&news.envelope, voice).unwrap_or_else(|| unknown(&news.envelope, about.is_some(), said));
    let line = match &about {
        Some((what, whose)) => of_access(&actor, &deed, what, whose, said),
        None => plain(said.audit_other, &[("actor", Piece::Text(&actor)), ("said", Piece::Text(&deed))]),
    };
    let line = cut(&line, LONGEST_LINE);
    let place = match asked {
        Some(asked) => format!("{portal}/requests/{}", asked.submission.id),
        None => format!("{portal}/audit"),
    };
    let runs = vec![date(news.envelope.at), text(format!(" {line} ")), link(&place, said.details)];
    let message = Message::new(&line, vec![block(vec![section(runs)])]);
    (Line { text: line, at: Some(news.envelope.at), link: Some(place), ..Line::default() }, message)
}

fn actor(actor: &Actor, names: Names<'_>, said: &Texts) -> String {
    match actor {
        Actor::User { id, label } => names.person(id, label),
        Actor::System { .. } => said.by_system.to_owned(),
        Actor::Operator { label } => label.clone(),
        Actor::Stranger { account } => plain(said.by_stranger, &[("account", Piece::Text(account))]),
    }
}

fn of_access(actor: &str, deed: &str, what: &str, whose: &str, said: &Texts) -> String {
    let pieces = [
        ("actor", Piece::Text(actor)),
        ("said", Piece::Text(deed)),
        ("what", Piece::Text(what)),
        ("requester", Piece::Text(whose)),
    ];
    plain(said.audit_line, &pieces)
}

/// What was done; nothing for an event of a newer version.
fn deed(envelope: &Envelope, voice: Voice<'_>) -> Option<String> {
    if envelope.stream.as_request().is_some() {
        return audit::parse::<RequestEvent>(envelope).ok().map(|event| of_request(&event, voice));
    }
    let said = of_another(&envelope.kind, voice.texts())?;
    let text = |path: &str| envelope.data.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let policies =
        ["/policy", "/after", "/before", "/finding"].map(|policy| text(&format!("{policy}/policy/name")));
    let policy = policies.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let user = text("/user").parse::<UserId>().map_or_else(|_| String::new(), |id| voice.names.of(&id));
    let pieces = [
        ("policy", policy),
        ("command", text("/command")),
        ("code", text("/code")),
        ("destination", text("/destination")),
        ("account", text("/account")),
        ("user", user.as_str()),
    ];
    Some(plain(said, &pieces.map(|(name, text)| (name, Piece::Text(text)))))
}

/// An event of a newer version goes by its code, and by its stream where nothing else says what it is about.
fn unknown(envelope: &Envelope, says_of_what: bool, said: &Texts) -> String {
    let Envelope { kind, stream, .. } = envelope;
    let kind = if says_of_what { kind.clone() } else { format!("{kind} ({stream})") };
    plain(said.said_other, &[("kind", Piece::Text(&kind))])
}

fn of_request(event: &RequestEvent, voice: Voice<'_>) -> String {
    let said = voice.texts();
    let deed = match event {
        RequestEvent::Requested { .. } => said.said_requested,
        RequestEvent::Reviewed { review } => match review.decision {
            Decision::Approve => said.said_approved,
            Decision::Deny => said.said_denied,
        },
        RequestEvent::Approved { approval: Approval::Policy } => said.said_by_policy,
        RequestEvent::Approved { approval: Approval::Reviewers { .. } } => said.said_met,
        RequestEvent::ActivationStarted { .. } => said.said_activation_started,
        RequestEvent::Activated {} => said.said_activated,
        RequestEvent::ExpiryWarned {} => said.said_expiry_warned,
        RequestEvent::RevocationRequested { .. } => said.said_revocation_requested,
        RequestEvent::EndStarted { .. } => said.said_end_started,
        RequestEvent::EndBlocked { .. } => said.said_end_blocked,
        RequestEvent::RemovalOverdue {} => said.said_removal_overdue,
        RequestEvent::Closed { outcome, .. } => {
            return plain(said.said_closed, &[("outcome", Piece::Text(voice.outcome(*outcome)))]);
        }
    };
    deed.to_owned()
}

/// What is recorded elsewhere than in the life of a request, by its kind. A test goes through all of them.
fn of_another(kind: &str, said: &Texts) -> Option<&'static str> {
    Some(match kind {
        "holder-joined" => said.said_holder_joined,
        "holder-left" => said.said_holder_left,
        "creation-started" => said.said_creation_started,
        "found-present" => said.said_found_present,
        "creation-accepted" => said.said_creation_accepted,
        "creation-failed" => said.said_creation_failed,
        "presence-observed" => said.said_presence_observed,
        "vanishing-observed" => said.said_vanishing_observed,
        "released" => said.said_released,
        "removal-started" => said.said_removal_started,
        "removal-accepted" => said.said_removal_accepted,
        "removal-failed" => said.said_removal_failed,
        "removal-overdue" => said.said_removal_overdue,
        "trouble-noted" => said.said_trouble_noted,
        "absence-observed" => said.said_absence_observed,
        "absence-confirmed" => said.said_absence_confirmed,
        "absence-proven" => said.said_absence_proven,
        "watch-ended" => said.said_watch_ended,
        "drift-found" => said.said_drift_found,
        "drift-gone" => said.said_drift_gone,
        "policy-created" => said.said_policy_created,
        "policy-changed" => said.said_policy_changed,
        "policy-deleted" => said.said_policy_deleted,
        "settings-changed" => said.said_settings_changed,
        "finding-noted" => said.said_finding_noted,
        "finding-gone" => said.said_finding_gone,
        "attempt-refused" => said.said_attempt_refused,
        "more-not-recorded" => said.said_more_not_recorded,
        "undeliverable" => said.said_undeliverable,
        "linked" => said.said_linked,
        "unlinked" => said.said_unlinked,
        _ => return None,
    })
}
