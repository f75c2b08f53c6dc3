//! A request in one line.

use kari_application::browse::Seen;
use kari_domain::directory::Snapshot;
use kari_domain::request::{AccessRequest, Action};
use kari_domain::time::Minutes;
use slack_morphism::prelude::{SlackBlock, SlackBlockConfirmItem};

use super::ids::action;
use super::parts::{asks_first, button, formatted, instant, label, small, with_button};
use crate::{Language, Pick};

/// A request as one person sees it, with the names of today.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    pub seen: &'a Seen,
    pub snapshot: &'a Snapshot,
}

impl Line<'_> {
    /// What it is about, in names and ids. NB. For plain text only.
    pub fn title(&self) -> String {
        let Some(asked) = self.seen.request.asked() else { return String::new() };
        let set = self.snapshot.permission_sets.get(&asked.submission.target.permission_set);
        let set = set.map_or(&asked.submission.labels.permission_set, |it| &it.name);
        format!("{set} · {}", self.account())
    }

    /// The same, with who asked for it. NB. For plain text only.
    pub fn title_and_requester(&self) -> String {
        format!("{} · {}", self.requester(), self.title())
    }

    /// The account, by name and id. NB. For plain text only.
    pub(super) fn account(&self) -> String {
        let Some(asked) = self.seen.request.asked() else { return String::new() };
        let id = &asked.submission.target.account;
        let name = self.snapshot.accounts.get(id).map_or(&asked.submission.labels.account, |it| &it.name);
        format!("{name} ({id})")
    }

    /// Who asked, by the name of today.
    pub(super) fn requester(&self) -> String {
        let Some(asked) = self.seen.request.asked() else { return String::new() };
        let user = self.snapshot.users.get(&asked.submission.requester);
        user.map_or_else(|| asked.submission.labels.requester.clone(), |user| user.display_name.clone())
    }

    pub(super) fn id(&self) -> String {
        self.seen.request.id().map(|id| id.to_string()).unwrap_or_default()
    }

    pub(super) fn may(&self, action: Action) -> bool {
        self.seen.actions.contains(&action)
    }

    /// Access that somebody has: what, until when, and a button that ends it.
    pub(super) fn access(&self, language: Language) -> Vec<SlackBlock> {
        let mut said = vec![state_word(language, &self.seen.request).to_owned()];
        if let Some(grant) = self.seen.request.grant() {
            let sessions = language.pick("Open sessions may last until", "開いているセッションの最終期限");
            said.push(format!("{} {}", language.pick("Until", "終了日時"), instant(grant.window.expires_at)));
            said.push(format!("{sessions} {}", instant(grant.open_sessions_until)));
        } else if let Some(start) = self.seen.request.asked().and_then(|asked| asked.submission.start) {
            said.push(format!("{} {}", language.pick("Begins", "開始日時"), instant(start)));
        }
        let title = self.title();
        let first = if self.may(Action::Revoke) {
            with_button(&title, self.end_button(language))
        } else {
            super::parts::paragraph(&title)
        };
        vec![first, small(said.join(" · "))]
    }

    fn end_button(&self, language: Language) -> slack_morphism::prelude::SlackBlockButtonElement {
        let end = language.pick("End now", "今すぐ終了");
        let question = language.pick(
            "No new session can be opened after this. Sessions that are open may last for a while.",
            "終了すると、新しいセッションは開始できません。開いているセッションはしばらく続くことがあります。",
        );
        let confirm = SlackBlockConfirmItem::new(
            label(language.pick("End this access?", "このアクセスを終了しますか？")),
            formatted(question),
            label(end),
            label(language.pick("Keep it", "キャンセル")),
        );
        asks_first(button(action::END, end, &self.id()), confirm)
    }
}

/// The state in a word or two, in our own words.
pub(super) fn state_word(language: Language, request: &AccessRequest) -> &'static str {
    match request {
        AccessRequest::Absent => "",
        AccessRequest::Pending(_) => language.pick("Waiting for approval", "承認待ち"),
        AccessRequest::Approved(_) => language.pick("Approved", "承認済み"),
        AccessRequest::Activating(_) => language.pick("Activating", "有効化中"),
        AccessRequest::Active(_) => language.pick("Active", "有効"),
        AccessRequest::Ending(_) => language.pick("Ending", "終了処理中"),
        AccessRequest::Closed(_) => language.pick("Over", "終了"),
    }
}

/// A length of time as people say it.
pub fn in_words(language: Language, length: Minutes) -> String {
    let (hours, minutes) = (length.0 / 60, length.0 % 60);
    let said: Vec<String> = match language {
        Language::En => [(hours, "hour"), (minutes, "minute")]
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, unit)| format!("{count} {unit}{}", if *count == 1 { "" } else { "s" }))
            .collect(),
        Language::Ja => [(hours, "時間"), (minutes, "分")]
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, unit)| format!("{count}{unit}"))
            .collect(),
    };
    let between = language.pick(" ", "");
    if said.is_empty() { language.pick("0 minutes", "0分").to_owned() } else { said.join(between) }
}
