//! What somebody has filled in, and what is wrong with it.

use chrono::DateTime;
use kari_domain::ids::{AccountId, PermissionSetArn};
use kari_domain::request::Refusal;
use kari_domain::text::{Justification, Ticket};
use kari_domain::time::{Instant, Minutes};
use kari_slack::views::ids::action;
use kari_slack::views::{Form, FormContext, refusal_texts};
use kari_slack::{Language, Pick};

use crate::SentForm;
use crate::incoming::OpenView;

/// Which field is wrong, and what about it.
pub(crate) type Problem = (&'static str, String);

/// What is filled in so far. Whatever is malformed counts as not filled in.
pub(crate) fn so_far(view: &OpenView) -> Form {
    let chosen = |name| view.field(name).selected_option.map(|option| option.value);
    Form {
        accounts: accounts(view),
        permission_set: chosen(action::PERMISSION_SET).and_then(|arn| PermissionSetArn::parse(arn).ok()),
        duration: chosen(action::DURATION).and_then(|minutes| minutes.parse().ok()).map(Minutes),
        start: start(view),
        reason: written(view, action::REASON),
        ticket: written(view, action::TICKET),
    }
}

/// The accounts that are chosen. While Slack sends a search it may leave out what is chosen: then it is those that
/// the form was last shown with.
pub(crate) fn accounts(view: &OpenView) -> Vec<AccountId> {
    if let Some(options) = view.field(action::ACCOUNTS).selected_options {
        options.into_iter().filter_map(|option| AccountId::parse(option.value).ok()).collect()
    } else {
        let context: Option<FormContext> = serde_json::from_str(&view.private_metadata).ok();
        context.unwrap_or_default().accounts
    }
}

/// What is said of a field that has to be filled in.
pub(crate) fn needed(language: Language) -> String {
    language.pick("This is needed.", "入力または選択してください。").to_owned()
}

/// What is asked for.
///
/// # Errors
/// Everything that is wrong with it by itself; what the policies say is asked elsewhere.
pub(crate) fn sent(language: Language, view: &OpenView) -> Result<SentForm, Vec<Problem>> {
    let form = so_far(view);
    let said = |refusal: Refusal| refusal_texts(language, &refusal).join(" ");
    let needed = || needed(language);
    let mut problems: Vec<Problem> = vec![];
    let justification = form.reason.as_deref().map(Justification::parse).transpose();
    let justification = justification.unwrap_or_else(|text| {
        problems.push((action::REASON, said(text.into())));
        None
    });
    let ticket = form.ticket.as_deref().map(Ticket::parse).transpose().unwrap_or_else(|text| {
        problems.push((action::TICKET, said(text.into())));
        None
    });
    if form.accounts.is_empty() {
        problems.push((action::ACCOUNTS, needed()));
    }
    match (form.permission_set, form.duration) {
        (Some(permission_set), Some(duration)) if problems.is_empty() => {
            let (accounts, start) = (form.accounts, form.start);
            Ok(SentForm { accounts, permission_set, duration, start, justification, ticket })
        }
        (permission_set, duration) => {
            problems.extend(permission_set.is_none().then(|| (action::PERMISSION_SET, needed())));
            problems.extend(duration.is_none().then(|| (action::DURATION, needed())));
            Err(problems)
        }
    }
}

/// NB. What is no instant is one that nobody can ask for, and not none at all: that would be now.
fn start(view: &OpenView) -> Option<Instant> {
    let start = view.field(action::START).selected_date_time?;
    Some(DateTime::from_timestamp(start, 0).unwrap_or(Instant::MAX_UTC))
}

/// What is written; nothing where there is only space.
fn written(view: &OpenView, name: &str) -> Option<String> {
    view.field(name).value.filter(|text| !text.trim().is_empty())
}
