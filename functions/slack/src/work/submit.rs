use std::collections::BTreeSet;

use kari_application::caller::Caller;
use kari_application::submit_request::{Answer, Submitted, Wanted, submit_request};
use kari_domain::audit::Cause;
use kari_domain::directory::Snapshot;
use kari_slack::views::{Sent, outcome};

use super::{Doing, is_tried_again};
use crate::prompt::{Trouble, passes};
use crate::{SentForm, say};

/// Asks for what was filled in, and shows in the modal what came of it, unless some of it is tried again.
pub(super) async fn submit(doing: &Doing<'_>, form: &SentForm, view: &str) -> Result<(), Trouble> {
    let submitted = submitted(doing, form).await?;
    let mut failed = submitted.answers.iter().filter_map(|answer| answer.result.as_ref().err());
    // Those that were made are found when it is done again.
    let trouble = failed.find(|error| passes(error)).map(|error| Trouble::failed(doing.language(), error));
    match trouble.filter(|trouble| is_tried_again(doing.app, doing.job, trouble)) {
        Some(trouble) => Err(trouble),
        None => show(doing, &submitted, view).await,
    }
}

async fn submitted(doing: &Doing<'_>, form: &SentForm) -> Result<Submitted, Trouble> {
    let app = doing.app;
    let caller = doing.somebody.commander(app).await;
    let caller = doing.served(caller).await?.by(doing.job.one_time());
    match submit_request(&app.kari, &caller, Cause::Slack, &wanted(doing, form)).await {
        Ok(submitted) => {
            record_refused(doing, &caller, &submitted.answers).await;
            Ok(submitted)
        }
        Err(error) => {
            doing.record(&caller, "submit", None, &error).await;
            Err(Trouble::failed(doing.language(), &error))
        }
    }
}

/// NB. Under the message's signature: whoever sends the same message again asks for nothing more.
fn wanted(doing: &Doing<'_>, form: &SentForm) -> Wanted {
    Wanted {
        idempotency_key: format!("slack-{}", doing.job.message.signature),
        accounts: form.accounts.clone(),
        permission_set: form.permission_set.clone(),
        start: form.start,
        duration: form.duration,
        justification: form.justification.clone(),
        ticket: form.ticket.clone(),
    }
}

/// Each kind of refusal is recorded once, however many accounts it met.
async fn record_refused(doing: &Doing<'_>, caller: &Caller, answers: &[Answer]) {
    let mut known = BTreeSet::new();
    for error in answers.iter().filter_map(|answer| answer.result.as_ref().err()) {
        if known.insert(error.refusal_code()) {
            doing.record(caller, "submit", None, error).await;
        }
    }
}

async fn show(doing: &Doing<'_>, submitted: &Submitted, view: &str) -> Result<(), Trouble> {
    let (app, language) = (doing.app, doing.language());
    let snapshot = app.kari.read_model.load().await.unwrap_or_default();
    let sent: Vec<_> = submitted.answers.iter().map(|answer| one(answer, &snapshot)).collect();
    match say::update(app, view, None, outcome(language, &sent)).await {
        Ok(()) => Ok(()),
        // NB. It was asked for, whoever may not see it in the modal: a letter tells them of what was made, and this of
        // what was refused.
        Err(error) => {
            tracing::info!(%error, "a modal could not say what came of it");
            let refused = submitted.answers.iter().find_map(|answer| answer.result.as_ref().err());
            refused.map_or(Ok(()), |refused| Err(Trouble::failed(language, refused)))
        }
    }
}

fn one<'a>(answer: &'a Answer, snapshot: &Snapshot) -> Sent<'a> {
    let id = &answer.account;
    let name = snapshot.accounts.get(id).map_or_else(String::new, |account| format!("{} ", account.name));
    Sent { account: format!("{name}({id})"), result: answer.result.as_ref() }
}
