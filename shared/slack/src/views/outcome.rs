//! What came of a request that was sent.

use kari_domain::request::AccessRequest;
use slack_morphism::prelude::SlackView;

use super::line::state_word;
use super::notice::notice;
use super::refusals::error_text;
use crate::Language;
use kari_application::Error;

/// What came of one account's request.
#[derive(Debug)]
pub struct Sent<'a> {
    /// The account by name and id.
    pub account: String,
    pub result: Result<&'a AccessRequest, &'a Error>,
}

/// The most lines that one modal shows; a view has room for 100 blocks.
const MOST_LINES: usize = 60;

/// A modal that says what came of each account.
pub fn outcome(language: Language, sent: &[Sent<'_>]) -> SlackView {
    let taken = sent.iter().filter(|one| one.result.is_ok()).count();
    let mut lines = vec![headline(language, taken, sent.len())];
    lines.extend(sent.iter().take(MOST_LINES).map(|one| match &one.result {
        Ok(request) => format!("{} — {}", one.account, state_word(language, request)),
        Err(error) => format!("{} — {}", one.account, error_text(language, error)),
    }));
    notice(language, &lines)
}

fn headline(language: Language, taken: usize, all: usize) -> String {
    match language {
        Language::En if taken == all && all == 1 => "Your request was sent.".to_owned(),
        Language::En if taken == all => format!("Your {all} requests were sent."),
        Language::En if taken == 0 => "Nothing was sent.".to_owned(),
        Language::En => format!("{taken} of {all} requests were sent."),
        Language::Ja if taken == all => "申請を送信しました。".to_owned(),
        Language::Ja if taken == 0 => "申請は送信されませんでした。".to_owned(),
        Language::Ja => format!("{all}件中{taken}件の申請を送信しました。"),
    }
}
