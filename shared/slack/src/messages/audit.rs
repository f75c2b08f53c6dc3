//! One line for each event.

use kari_application::ports::News;
use kari_domain::audit::{self, Actor};
use kari_domain::ids::Tuple;
use kari_domain::request::{Approval, Asked, Decision, RequestEvent};
use kari_domain::settings::Language;
use kari_texts::{Names, Piece, Texts, Voice, plain, texts};

use super::digest::Line;
use super::rich::{block, date, link, section, text};
use super::{Message, cut};

const LONGEST_LINE: usize = 600;

/// What was recorded, in one line, and the same as a message.
pub fn audit_line(news: &News, names: Names<'_>, language: Language, portal: &str) -> (Line, Message) {
    let said = texts(language);
    let actor = actor(&news.envelope.actor, names, said);
    let asked = news.request.as_ref().and_then(|shown| shown.state.asked());
    let event: Option<RequestEvent> = asked.and_then(|_| audit::parse(&news.envelope).ok());
    let kind = &news.envelope.kind;
    let line = match (asked, &event, news.envelope.stream.as_tuple()) {
        (Some(asked), Some(event), _) => of_request(&actor, asked, event, names, language),
        (_, _, Some(tuple)) => of_ledger(&actor, &tuple, kind, names, language),
        _ => plain(
            said.audit_other,
            &[
                ("actor", Piece::Text(&actor)),
                ("kind", Piece::Text(kind)),
                ("stream", Piece::Text(news.envelope.stream.as_str())),
            ],
        ),
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

fn of_request(
    actor: &str,
    asked: &Asked,
    event: &RequestEvent,
    names: Names<'_>,
    language: Language,
) -> String {
    let voice = Voice { language, names };
    of_access(actor, &deed(event, voice), &voice.what(asked), &names.requester(asked), language)
}

/// What was seen of an assignment, or done to it.
fn of_ledger(actor: &str, tuple: &Tuple, kind: &str, names: Names<'_>, language: Language) -> String {
    let what = Voice { language, names }.what_at(&tuple.target);
    let deed = plain(texts(language).said_other, &[("kind", Piece::Text(kind))]);
    of_access(actor, &deed, &what, &names.of(&tuple.principal), language)
}

fn of_access(actor: &str, deed: &str, what: &str, whose: &str, language: Language) -> String {
    let pieces = [
        ("actor", Piece::Text(actor)),
        ("said", Piece::Text(deed)),
        ("what", Piece::Text(what)),
        ("requester", Piece::Text(whose)),
    ];
    plain(texts(language).audit_line, &pieces)
}

fn deed(event: &RequestEvent, voice: Voice<'_>) -> String {
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
