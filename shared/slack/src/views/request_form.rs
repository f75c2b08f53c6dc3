//! The form that asks for access. What may be asked for is searched on the server, so that any number of accounts
//! can be chosen from.

use kari_application::explain::{OfferedAccount, Outlook};
use kari_domain::directory::{Account, PermissionSet, Snapshot};
use kari_domain::ids::{AccountId, PermissionSetArn};
use kari_domain::time::{Instant, Minutes, SHORTEST_GRANT};
use serde::{Deserialize, Serialize};
use slack_morphism::prelude::{
    SlackBlock, SlackBlockChoiceItem, SlackBlockDateTimePickerElement, SlackBlockExternalSelectElement,
    SlackBlockMultiExternalSelectElement, SlackBlockPlainTextInputElement, SlackBlockPlainTextOnly,
    SlackBlockStaticSelectElement, SlackBlockSuggestionOptions, SlackModalView, SlackView,
};
use slack_morphism::{SlackActionId, SlackDateTime, SlackUtcDateTime};

use super::ids::{action, callback};
use super::line::{Line, in_words};
use super::outlook::outlook_blocks;
use super::parts::{MOST_IN_A_LABEL, field, heading, label, line_across, plain, small_plain};
use crate::messages::cut;
use crate::{Language, Pick};

/// How many options Slack takes at once.
pub const MOST_OPTIONS: usize = 100;
/// How many accounts one form asks for.
const MOST_ACCOUNTS: u64 = 50;
/// How much of somebody's access the form shows above itself.
const MOST_ACCESS: usize = 5;
/// Durations that people ask for, in minutes.
const DURATIONS: [u32; 10] = [15, 30, 60, 120, 240, 480, 720, 1_440, 4_320, 10_080];
/// What is asked for unless somebody chooses something else.
const USUAL: Minutes = Minutes(60);

/// An option of a list.
pub type Choice = SlackBlockChoiceItem<SlackBlockPlainTextOnly>;

/// What somebody has filled in so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    pub accounts: Vec<AccountId>,
    pub permission_set: Option<PermissionSetArn>,
    pub duration: Option<Minutes>,
    pub start: Option<Instant>,
    pub reason: Option<String>,
    pub ticket: Option<String>,
}

/// What comes back with searches in the form. NB. Only what is chosen from depends on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormContext {
    pub accounts: Vec<AccountId>,
}

/// What the form shows besides what is filled in.
#[derive(Debug, Clone)]
pub struct FormContent<'a> {
    /// The access that they have, to be ended here.
    pub access: Vec<Line<'a>>,
    /// Whether they have more than that.
    pub more_access: bool,
    pub snapshot: &'a Snapshot,
    /// The longest that may be asked for.
    pub longest: Minutes,
    pub reason_required: bool,
    pub ticket_required: bool,
    /// What the policies say to those who ask.
    pub notes: Vec<String>,
    /// What would come of it on the first of the accounts, by name, where enough is filled in to tell.
    pub outlooks: Vec<(&'a str, &'a Outlook)>,
}

/// The form.
pub fn request_form(language: Language, form: &Form, content: &FormContent<'_>) -> SlackView {
    let mut blocks = access(language, content);
    blocks.extend([
        accounts(language, form, content.snapshot),
        permission_set(language, form, content.snapshot),
        duration(language, form, content.longest),
    ]);
    blocks.extend(content.notes.iter().map(|note| small_plain(note)));
    blocks.extend(outlook_blocks(language, &content.outlooks, form.accounts.len(), content.snapshot));
    blocks.extend([
        reason(language, form, content.reason_required),
        start(language, form),
        ticket(language, form, content.ticket_required),
    ]);
    let metadata = FormContext { accounts: form.accounts.clone() };
    let modal = SlackModalView::new(label(language.pick("Request access", "アクセスの申請")), blocks)
        .with_callback_id(callback::REQUEST.into())
        .with_private_metadata(serde_json::to_string(&metadata).unwrap_or_default())
        .with_submit(label(language.pick("Send", "送信")))
        .with_close(label(language.pick("Cancel", "キャンセル")));
    SlackView::Modal(modal)
}

fn access(language: Language, content: &FormContent<'_>) -> Vec<SlackBlock> {
    if content.access.is_empty() {
        return vec![];
    }
    let mut blocks = vec![heading(language.pick("My access", "自分のアクセス"))];
    blocks.extend(content.access.iter().take(MOST_ACCESS).flat_map(|line| line.access(language)));
    if content.more_access {
        blocks.push(small_plain(language.pick(
            "There is more than is shown here: see Kari's Home tab or the portal.",
            "表示しきれないアクセスがあります。Kari のホームタブまたはポータルで確認してください。",
        )));
    }
    blocks.push(line_across());
    blocks
}

fn accounts(language: Language, form: &Form, snapshot: &Snapshot) -> SlackBlock {
    let chosen: Vec<_> = form.accounts.iter().filter_map(|id| snapshot.accounts.get(id)).collect();
    let initial: Vec<_> = chosen.into_iter().map(|account| account_choice(account, snapshot)).collect();
    let element = SlackBlockMultiExternalSelectElement::new()
        .with_action_id(SlackActionId(action::ACCOUNTS.to_owned()))
        .with_placeholder(label(
            language.pick("Search by name, id or unit", "名前・ID・組織単位（OU）で検索"),
        ))
        .opt_initial_options((!initial.is_empty()).then_some(initial))
        .with_max_selected_items(MOST_ACCOUNTS)
        .with_min_query_length(0);
    let label = language.pick("Accounts", "アカウント");
    field(action::ACCOUNTS, label, element.into()).with_dispatch_action(true).into()
}

fn permission_set(language: Language, form: &Form, snapshot: &Snapshot) -> SlackBlock {
    let chosen = form.permission_set.as_ref().and_then(|arn| snapshot.permission_sets.get(arn));
    let element = SlackBlockExternalSelectElement::new()
        .with_action_id(SlackActionId(action::PERMISSION_SET.to_owned()))
        .with_placeholder(label(
            language.pick("Choose the accounts first", "先にアカウントを選択してください"),
        ))
        .opt_initial_option(chosen.map(permission_set_choice))
        .with_min_query_length(0);
    let label = language.pick("Permission set", "許可セット");
    field(action::PERMISSION_SET, label, element.into()).with_dispatch_action(true).into()
}

fn duration(language: Language, form: &Form, longest: Minutes) -> SlackBlock {
    let choice = |minutes: Minutes| {
        SlackBlockChoiceItem::new(label(&in_words(language, minutes)), minutes.0.to_string())
    };
    let chosen = form.duration.unwrap_or(USUAL).min(longest).max(SHORTEST_GRANT);
    let mut lengths: Vec<_> =
        DURATIONS.map(Minutes).into_iter().filter(|length| *length <= longest).collect();
    lengths.extend([longest.max(SHORTEST_GRANT), chosen]);
    lengths.sort_unstable();
    lengths.dedup();
    let element = SlackBlockStaticSelectElement::new()
        .with_action_id(SlackActionId(action::DURATION.to_owned()))
        .with_options(lengths.into_iter().map(choice).collect())
        .with_initial_option(choice(chosen));
    field(action::DURATION, language.pick("Duration", "期間"), element.into())
        .with_dispatch_action(true)
        .into()
}

fn reason(language: Language, form: &Form, required: bool) -> SlackBlock {
    let element = text_element(action::REASON, form.reason.as_ref(), 10, 1_000).with_multiline(true);
    let hint = language.pick("10 to 1,000 characters.", "10〜1,000文字");
    field(action::REASON, language.pick("Why do you need it?", "申請理由"), element.into())
        .with_hint(plain(hint).into())
        .with_optional(!required)
        .into()
}

fn ticket(language: Language, form: &Form, required: bool) -> SlackBlock {
    let element = text_element(action::TICKET, form.ticket.as_ref(), 1, 100);
    field(action::TICKET, language.pick("Ticket", "チケット"), element.into()).with_optional(!required).into()
}

fn text_element(
    name: &str,
    value: Option<&String>,
    shortest: u64,
    longest: u64,
) -> SlackBlockPlainTextInputElement {
    SlackBlockPlainTextInputElement::new()
        .with_action_id(SlackActionId(name.to_owned()))
        .opt_initial_value(value.cloned())
        .with_min_length(shortest)
        .with_max_length(longest)
}

fn start(language: Language, form: &Form) -> SlackBlock {
    let element = SlackBlockDateTimePickerElement::new()
        .with_action_id(SlackActionId(action::START.to_owned()))
        .opt_initial_date_time(form.start.and_then(moment));
    let hint = language
        .pick("Leave it out to start as soon as it is approved.", "空にすると、承認され次第開始します。");
    field(action::START, language.pick("Start", "開始日時"), element.into())
        .with_hint(plain(hint).into())
        .with_optional(true)
        .into()
}

fn moment(at: Instant) -> Option<SlackDateTime> {
    SlackUtcDateTime::from_second(at.timestamp()).ok().map(SlackDateTime)
}

/// An account as an option: its name and id, with the units above it.
pub fn account_choice(account: &Account, snapshot: &Snapshot) -> Choice {
    let id = account.id.as_str();
    let room = MOST_IN_A_LABEL.saturating_sub(id.len() + 3);
    let text = format!("{} ({id})", cut(&account.name, room));
    let path = snapshot.unit_names(account).join(" / ");
    SlackBlockChoiceItem::new(label(&text), id.to_owned())
        .opt_description((!path.is_empty()).then(|| label(&path)))
}

fn permission_set_choice(set: &PermissionSet) -> Choice {
    SlackBlockChoiceItem::new(label(&set.name), set.arn.to_string())
        .opt_description((!set.description.is_empty()).then(|| label(&set.description)))
}

/// What a search found, as Slack wants to hear it: accounts.
pub fn options(found: impl IntoIterator<Item = Choice>) -> SlackBlockSuggestionOptions {
    SlackBlockSuggestionOptions::new(found.into_iter().take(MOST_OPTIONS).collect())
}

/// The permission sets that may be asked for on every one of these accounts, with their names and by them.
pub fn common_permission_sets(offered: &[OfferedAccount]) -> Vec<(String, Choice)> {
    let Some((first, others)) = offered.split_first() else { return vec![] };
    let has = |account: &OfferedAccount, arn: &PermissionSetArn| {
        account.permission_sets.iter().any(|(set, _)| set.arn == *arn)
    };
    let mut common: Vec<&PermissionSet> = first
        .permission_sets
        .iter()
        .map(|(set, _)| set)
        .filter(|set| others.iter().all(|account| has(account, &set.arn)))
        .collect();
    common.sort_by(|one, other| one.name.cmp(&other.name));
    common.into_iter().map(|set| (set.name.clone(), permission_set_choice(set))).collect()
}
