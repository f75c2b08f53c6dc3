//! Modals that were sent: what is wrong is said in them.

use std::collections::{BTreeSet, HashMap};

use axum::Json;
use axum::response::{IntoResponse, Response};
use kari_application::explain::Outlook;
use kari_domain::policy::Reason;
use kari_domain::request::{Decision, Refusal};
use kari_domain::text::{Comment, MalformedText};
use kari_slack::Language;
use kari_slack::api::{
    SlackViewSubmissionErrorsResponse, SlackViewSubmissionResponse, SlackViewSubmissionUpdateResponse,
};
use kari_slack::messages::{LONGEST_SECTION, cut};
use kari_slack::signature::Signed;
use kari_slack::views::ids::{action, callback, decision};
use kari_slack::views::{DenyContext, Form, Origin, refusal_texts, wait};
use tokio::time::Instant;

use super::known;
use crate::filled_in::{Problem, needed, sent as filled_in};
use crate::form::outlooks;
use crate::incoming::Submitted;
use crate::prompt::{Trouble, hand_over, promptly, report, taken};
use crate::requests::MOST_IN_A_BATCH;
use crate::who::Somebody;
use crate::{Reply, SentForm, SlackApp, Wish};

/// For how many accounts it is foreseen what would come of it. The others are decided all the same.
const MOST_FORESEEN: usize = 10;

pub(crate) async fn sent(app: &SlackApp, until: Instant, signed: Signed, submitted: &Submitted) -> Response {
    let answer = match submitted.view.callback_id.as_str() {
        callback::REQUEST => {
            let answer = promptly(until, request(app, signed.clone(), submitted)).await;
            if let Err(Trouble { stranger: Some(stranger), .. }) = answer {
                report(app, until, submitted.by.person(), signed, ("submit", None, stranger)).await;
            }
            answer
        }
        callback::DENY => promptly(until, denial(app, signed, submitted)).await,
        callback::CHOOSE => promptly(until, choice(app, signed, submitted)).await,
        _ => return taken(),
    };
    match answer {
        Ok(Some(answer)) => Json(answer).into_response(),
        Ok(None) => taken(),
        Err(Trouble { text, .. }) => Json(at_the_top(&submitted.view.callback_id, text)).into_response(),
    }
}

/// What is wrong with the whole of a form is said at its first field.
fn at_the_top(callback: &str, text: String) -> SlackViewSubmissionResponse {
    let field = if callback == callback::REQUEST { action::ACCOUNTS } else { action::COMMENT };
    errors([(field, text)])
}

async fn request(
    app: &SlackApp,
    signed: Signed,
    submitted: &Submitted,
) -> Result<Option<SlackViewSubmissionResponse>, Trouble> {
    let person = submitted.by.person();
    let somebody = known(app, &person).await?;
    let form = match filled_in(somebody.language, &submitted.view) {
        Ok(form) => form,
        Err(problems) => return Ok(Some(errors(problems))),
    };
    let problems = foreseen(app, &somebody, &form).await?;
    if !problems.is_empty() {
        return Ok(Some(errors(problems)));
    }
    let wish = Wish::Submit { form, view: submitted.view.id.clone() };
    hand_over(app, person.clone(), signed, wish, Reply::default()).await?;
    Ok(Some(shows(wait(somebody.language))))
}

/// What would be refused, by the very rules that decide. Nothing is decided here.
async fn foreseen(app: &SlackApp, somebody: &Somebody<'_>, sent: &SentForm) -> Result<Vec<Problem>, Trouble> {
    let language = somebody.language;
    let reader = somebody.reader(app).await.map_err(|why| Trouble::of(app, somebody, &why))?;
    let form = Form {
        accounts: sent.accounts.clone(),
        permission_set: Some(sent.permission_set.clone()),
        duration: Some(sent.duration),
        start: sent.start,
        reason: None,
        ticket: sent.ticket.as_ref().map(|ticket| ticket.as_str().to_owned()),
    };
    let outlooks = match outlooks(app, &reader, &form, MOST_FORESEEN).await {
        Ok(outlooks) => outlooks,
        Err(kari_application::Error::Refused(refusal)) => {
            return Ok(vec![(place(&refusal), refusal_texts(language, &refusal).join(" "))]);
        }
        Err(error) => return Err(Trouble::failed(language, &error)),
    };
    let refusals = |outlook: &Outlook| outlook.refusals.clone();
    let mut problems: Vec<Problem> = vec![];
    for (account, refusal) in
        outlooks.iter().flat_map(|(name, it)| refusals(it).into_iter().map(move |r| (name, r)))
    {
        let text = refusal_texts(language, &refusal).join(" ");
        let text = if sent.accounts.len() > 1 { format!("{account}: {text}") } else { text };
        problems.push((place(&refusal), text));
    }
    Ok(problems)
}

/// The field that a refusal is about.
fn place(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::StartInPast | Refusal::StartTooFar => action::START,
        Refusal::JustificationRequired | Refusal::Text(_) => action::REASON,
        Refusal::UnknownPermissionSet => action::PERMISSION_SET,
        Refusal::JoinedWindowTooLong { .. } => action::DURATION,
        Refusal::Ineligible { reasons } => reasons.first().map_or(action::ACCOUNTS, place_of_reason),
        Refusal::UnknownAccount
        | Refusal::AlreadyRequested
        | Refusal::TooManyPending
        | Refusal::IdempotencyKeyReused
        | Refusal::SelfReview
        | Refusal::NotAReviewer
        | Refusal::PortalOnly
        | Refusal::Lapsed { .. }
        | Refusal::WrongState { .. }
        | Refusal::NotTheRequester
        | Refusal::MayNotRevoke
        | Refusal::NotYet
        | Refusal::TooLate => action::ACCOUNTS,
    }
}

fn place_of_reason(reason: &Reason) -> &'static str {
    match reason {
        Reason::DurationTooShort { .. }
        | Reason::DurationTooLong { .. }
        | Reason::MaximumDurationSetting { .. }
        | Reason::CappedByGuardrail { .. } => action::DURATION,
        Reason::TicketRequired { .. } => action::TICKET,
        Reason::NoEligibilityPolicy | Reason::ForbiddenByGuardrail { .. } => action::PERMISSION_SET,
        Reason::RequestsNotAccepted
        | Reason::RequesterDisabled
        | Reason::AccountNotActive { .. }
        | Reason::KarisOwnAccount
        | Reason::ManagementAccountNotDelegated
        | Reason::NoApproverPolicy
        | Reason::TooManyApproverPolicies
        | Reason::NotEnoughReviewers { .. } => action::ACCOUNTS,
    }
}

async fn denial(
    app: &SlackApp,
    signed: Signed,
    submitted: &Submitted,
) -> Result<Option<SlackViewSubmissionResponse>, Trouble> {
    let person = submitted.by.person();
    let somebody = known(app, &person).await?;
    let comment = match comment(somebody.language, submitted) {
        Ok(comment) => comment,
        Err(problem) => return Ok(Some(errors([problem]))),
    };
    let Ok(context) = serde_json::from_str::<DenyContext>(&submitted.view.private_metadata) else {
        tracing::error!("a form that denies came back without what it is about");
        return Ok(None);
    };
    let ids = context.id.parse().into_iter().collect();
    let wish = Wish::Review {
        ids,
        decision: Decision::Deny,
        comment: Some(comment),
        seen: BTreeSet::new(),
        seen_until: None,
    };
    hand_over(app, person.clone(), signed, wish, reply(context.origin)).await?;
    Ok(None)
}

/// Some of a batch, approved or denied. A comment is needed to deny.
async fn choice(
    app: &SlackApp,
    signed: Signed,
    submitted: &Submitted,
) -> Result<Option<SlackViewSubmissionResponse>, Trouble> {
    let person = submitted.by.person();
    let somebody = known(app, &person).await?;
    let language = somebody.language;
    let chosen = submitted.view.field(action::DECISION).selected_option;
    let decision = match chosen.as_ref().map(|option| option.value.as_str()) {
        Some(decision::APPROVE) => Decision::Approve,
        Some(decision::DENY) => Decision::Deny,
        Some(_) | None => return Ok(Some(errors([(action::DECISION, needed(language))]))),
    };
    let written = submitted.view.field(action::COMMENT).value.unwrap_or_default();
    let comment = if decision == Decision::Approve && written.trim().is_empty() {
        None
    } else {
        match comment(language, submitted) {
            Ok(comment) => Some(comment),
            Err(problem) => return Ok(Some(errors([problem]))),
        }
    };
    let options = submitted.view.field(action::REQUESTS).selected_options.unwrap_or_default();
    let chosen = options.iter().take(MOST_IN_A_BATCH);
    let ids = chosen.filter_map(|option| option.value.parse().ok()).collect();
    let origin = serde_json::from_str(&submitted.view.private_metadata).unwrap_or_default();
    let wish = Wish::Review { ids, decision, comment, seen: BTreeSet::new(), seen_until: None };
    hand_over(app, person.clone(), signed, wish, reply(origin)).await?;
    Ok(None)
}

fn comment(language: Language, submitted: &Submitted) -> Result<Comment, Problem> {
    let written = submitted.view.field(action::COMMENT).value.unwrap_or_default();
    let malformed = |text: MalformedText| (action::COMMENT, refusal_texts(language, &text.into()).join(" "));
    Comment::parse(&written).map_err(malformed)
}

fn reply(origin: Origin) -> Reply {
    Reply { channel: origin.channel, home: origin.home, view: None }
}

/// Each field with everything that is wrong with it. Slack states no limit: what it takes in a paragraph is enough.
fn errors(problems: impl IntoIterator<Item = Problem>) -> SlackViewSubmissionResponse {
    let mut errors: HashMap<String, String> = HashMap::new();
    for (field, text) in problems {
        let said = errors.entry(field.to_owned()).or_default();
        if said.contains(&text) {
            continue;
        }
        if !said.is_empty() {
            said.push('\n');
        }
        said.push_str(&text);
    }
    let errors = errors.into_iter().map(|(field, text)| (field, cut(&text, LONGEST_SECTION))).collect();
    SlackViewSubmissionResponse::Errors(SlackViewSubmissionErrorsResponse::new(errors))
}

fn shows(view: kari_slack::api::SlackView) -> SlackViewSubmissionResponse {
    SlackViewSubmissionResponse::Update(SlackViewSubmissionUpdateResponse::new(view))
}
