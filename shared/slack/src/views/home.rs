//! The App Home: what I have, what I wait for, and what waits for me.

use kari_domain::request::{Action, Asked};
use slack_morphism::prelude::{SlackBlock, SlackBlockButtonStyle, SlackHomeView, SlackView};

use super::ids::action;
use super::line::Line;
use super::parts::{button, buttons, heading, instant, line_across, paragraph, small, small_plain};
use crate::messages::buttons::link;
use crate::{Language, Pick};

/// How many requests each part shows at most: a view has room for 100 blocks.
pub const MOST_LISTED: usize = 10;

/// What a Home shows.
#[derive(Debug, Clone)]
pub struct HomeContent<'a> {
    pub active: Vec<Line<'a>>,
    pub pending: Vec<Line<'a>>,
    pub to_review: Vec<Line<'a>>,
    /// Whether there is more than is shown.
    pub more: bool,
    /// Kari's portal.
    pub portal_url: &'a str,
}

/// The Home of one person.
pub fn home(language: Language, content: &HomeContent<'_>) -> SlackView {
    let mut blocks = vec![buttons(vec![
        button(action::ASK, language.pick("Request access", "アクセスを申請"), "-")
            .with_style(SlackBlockButtonStyle::Primary),
    ])];
    blocks.extend(part(
        language.pick("My access", "自分のアクセス"),
        language.pick("You have no access at present.", "現在、有効なアクセスはありません。"),
        &content.active,
        |line| line.access(language),
    ));
    blocks.extend(part(
        language.pick("My requests", "自分の申請"),
        language.pick("None of your requests waits for approval.", "承認待ちの申請はありません。"),
        &content.pending,
        |line| waiting(language, line),
    ));
    blocks.extend(part(
        language.pick("Waits for your review", "あなたの承認待ち"),
        language.pick("Nothing waits for your review.", "承認を待っている申請はありません。"),
        &content.to_review,
        |line| to_review(language, line, content.portal_url),
    ));
    blocks.push(small(foot(language, content)));
    SlackView::Home(SlackHomeView::new(blocks))
}

fn part(
    title: &str,
    nothing: &str,
    lines: &[Line<'_>],
    show: impl Fn(&Line<'_>) -> Vec<SlackBlock>,
) -> Vec<SlackBlock> {
    let mut blocks = vec![line_across(), heading(title)];
    if lines.is_empty() {
        blocks.push(small(nothing));
    }
    blocks.extend(lines.iter().take(MOST_LISTED).flat_map(show));
    blocks
}

fn waiting(language: Language, line: &Line<'_>) -> Vec<SlackBlock> {
    let Some(asked) = line.seen.request.asked() else { return vec![] };
    let lapses = language.pick("Lapses unless it is approved by", "承認期限");
    vec![paragraph(&line.title()), small(format!("{lapses} {}", instant(asked.submission.lapses_at)))]
}

fn to_review(language: Language, line: &Line<'_>, portal_url: &str) -> Vec<SlackBlock> {
    let Some(asked) = line.seen.request.asked() else { return vec![] };
    let submission = &asked.submission;
    let mut what = vec![line.requester(), super::in_words(language, submission.duration_minutes)];
    what.extend(submission.ticket.as_ref().map(|ticket| ticket.as_str().to_owned()));
    what.extend(submission.justification.as_ref().map(|reason| reason.as_str().to_owned()));
    let mut blocks =
        vec![paragraph(&line.title()), small_plain(&what.join(" · ")), small(terms(language, asked))];
    let decisions = [
        (Action::Approve, action::APPROVE, language.pick("Approve", "承認"), SlackBlockButtonStyle::Primary),
        (Action::Deny, action::DENY, language.pick("Deny", "却下"), SlackBlockButtonStyle::Danger),
    ];
    let allowed = decisions.into_iter().filter(|(allowed, ..)| line.may(*allowed));
    let mut pressed: Vec<_> =
        allowed.map(|(_, action, text, style)| button(action, text, &line.id()).with_style(style)).collect();
    if !line.may(Action::Approve) {
        let here = format!("{portal_url}/requests/{}", line.id());
        pressed.extend(link(0, language.pick("Review in the portal", "ポータルで審査"), &here));
    }
    if !pressed.is_empty() {
        blocks.push(buttons(pressed));
    }
    blocks
}

/// From when it would be, how long open sessions may last, and until when it can be reviewed.
fn terms(language: Language, asked: &Asked) -> String {
    let submission = &asked.submission;
    let begins = match submission.start {
        Some(start) => format!("{} {}", language.pick("Begins", "開始日時"), instant(start)),
        None => language.pick("Begins once it is approved", "承認され次第開始").to_owned(),
    };
    let longer = super::in_words(language, asked.verdict.session_duration_minutes);
    let sessions = match language {
        Language::En => format!("open sessions may last {longer} longer"),
        Language::Ja => format!("開いているセッションは終了後も最長{longer}続くことがあります"),
    };
    let lapses = language.pick("lapses", "承認期限");
    format!("{begins} · {sessions} · {lapses} {}", instant(submission.lapses_at))
}

fn foot(language: Language, content: &HomeContent<'_>) -> String {
    let portal = format!("<{}|{}>", content.portal_url, language.pick("Open the portal", "ポータルを開く"));
    if content.more {
        let more = language.pick("There is more than is shown here.", "表示しきれない項目があります。");
        return format!("{more} {portal}");
    }
    portal
}
