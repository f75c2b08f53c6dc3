//! What would come of a request: who would approve it, until when it would last, or why it is not possible.

use kari_application::explain::Outlook;
use kari_domain::directory::Snapshot;
use kari_domain::ids::UserId;
use kari_domain::policy::Outcome;
use slack_morphism::prelude::SlackBlock;

use super::parts::{instant, paragraph, small};
use super::refusals::refusal_texts;
use crate::{Language, Pick};

/// How many people are named.
const MOST_NAMED: usize = 10;

/// What would come of it, in paragraphs of plain text.
pub fn outlook_text(language: Language, outlook: &Outlook, snapshot: &Snapshot) -> Vec<String> {
    if !outlook.refusals.is_empty() {
        return outlook.refusals.iter().flat_map(|refusal| refusal_texts(language, refusal)).collect();
    }
    match &outlook.verdict.outcome {
        Outcome::NoApprovalNeeded { .. } => {
            vec![
                language
                    .pick("No approval is needed: it begins at once.", "承認は不要です。すぐに開始されます。")
                    .to_owned(),
            ]
        }
        Outcome::ApprovalNeeded { requirements, .. } => requirements
            .iter()
            .zip(&outlook.reviewers)
            .map(|(requirement, people)| {
                let names = names(language, people.iter(), people.len(), snapshot);
                let quorum = requirement.quorum;
                match language {
                    Language::En if quorum == 1 => {
                        format!("One of these people has to approve: {names}")
                    }
                    Language::En => format!("{quorum} of these people have to approve: {names}"),
                    Language::Ja => format!("次のうち{quorum}名の承認が必要です：{names}"),
                }
            })
            .collect(),
        // Its reasons are among the refusals.
        Outcome::Ineligible { .. } => vec![],
    }
}

/// The same for several accounts as blocks, with the end. What holds for all of them is said once.
pub(super) fn outlook_blocks(
    language: Language,
    outlooks: &[(&str, &Outlook)],
    snapshot: &Snapshot,
) -> Vec<SlackBlock> {
    let texts: Vec<_> =
        outlooks.iter().map(|(name, outlook)| (*name, outlook_text(language, outlook, snapshot))).collect();
    let Some(((_, outlook), (_, first))) = outlooks.first().zip(texts.first()) else { return vec![] };
    let alike = texts.iter().all(|(_, text)| text == first);
    let mut blocks: Vec<_> = if alike {
        first.iter().map(|text| paragraph(text)).collect()
    } else {
        texts.iter().map(|(name, text)| paragraph(&format!("{name}: {}", text.join(" ")))).collect()
    };
    if outlooks.iter().all(|(_, outlook)| outlook.refusals.is_empty()) {
        let until = language.pick("Access would last until", "終了予定日時：");
        let sessions = language.pick("open sessions may last until", "開いているセッションの最終期限：");
        blocks.push(small(format!(
            "{until} {} · {sessions} {}",
            instant(outlook.window.expires_at),
            instant(outlook.open_sessions_until)
        )));
    }
    blocks
}

fn names<'a>(
    language: Language,
    people: impl Iterator<Item = &'a UserId>,
    all: usize,
    snapshot: &Snapshot,
) -> String {
    let name =
        |id: &UserId| snapshot.users.get(id).map_or_else(|| id.to_string(), |user| user.display_name.clone());
    let named: Vec<_> = people.take(MOST_NAMED).map(name).collect();
    let more = all.saturating_sub(named.len());
    let text = named.join(language.pick(", ", "、"));
    if more > 0 { format!("{text} +{more}") } else { text }
}
