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

/// The same for the first of so many accounts as blocks, with the end. What holds for several of them is said once.
pub(super) fn outlook_blocks(
    language: Language,
    outlooks: &[(&str, &Outlook)],
    chosen: usize,
    snapshot: &Snapshot,
) -> Vec<SlackBlock> {
    let Some((_, outlook)) = outlooks.first() else { return vec![] };
    let mut alike: Vec<(Vec<String>, Vec<&str>)> = vec![];
    for (name, outlook) in outlooks {
        let text = outlook_text(language, outlook, snapshot);
        match alike.iter_mut().find(|(known, _)| *known == text) {
            Some((_, names)) => names.push(*name),
            None => alike.push((text, vec![*name])),
        }
    }
    // NB. Of what was not looked at nothing is said: it may need another approval.
    let mut blocks: Vec<_> = some_only(language, outlooks.len(), chosen).into_iter().collect();
    match alike.as_slice() {
        [(texts, _)] => blocks.extend(texts.iter().map(|text| paragraph(text))),
        several => blocks.extend(several.iter().map(|(texts, names)| {
            let names = names.join(language.pick(", ", "、"));
            paragraph(&format!("{names}: {}", texts.join(" ")))
        })),
    }
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

/// That what follows holds for the first accounts only, where there are more.
fn some_only(language: Language, looked_at: usize, chosen: usize) -> Option<SlackBlock> {
    let text = match language {
        Language::En => format!("For the first {looked_at} of {chosen} accounts:"),
        Language::Ja => format!("{chosen}件のうち最初の{looked_at}件のアカウントについて："),
    };
    (looked_at < chosen).then(|| small(text))
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
