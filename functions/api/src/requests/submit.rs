use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use kari_application::Error;
use kari_application::browse::{Surroundings, see};
use kari_application::caller::Caller;
use kari_application::submit_request::{self, Answer, MOST_ACCOUNTS, Submitted, Wanted};
use kari_domain::audit::Cause;
use kari_domain::ids::{AccountId, PermissionSetArn};
use kari_domain::request::{AccessRequest, Refusal};
use kari_domain::text::{Justification, MalformedText, Ticket};
use kari_domain::time::Minutes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RequestView;
use super::command::surroundings_if_readable;
use super::view::Eye;
use crate::attempts::record;
use crate::extract::{At, Body, IdempotencyKey};
use crate::{ApiState, LiveCaller, Problem, SubmitProblems};

/// What somebody asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Submission {
    /// 1 to 50 different accounts; each becomes a request of its own.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 50, example = json!(["111122223333"]))]
    accounts: Vec<AccountId>,
    #[schema(value_type = String, example = "arn:aws:sso:::permissionSet/ssoins-7223/ps-a1b2")]
    permission_set: PermissionSetArn,
    /// When access shall begin; as soon as it is approved if left out.
    start: Option<At>,
    #[schema(minimum = 15, example = 60)]
    duration_minutes: u32,
    /// 10 to 1,000 characters in any language.
    #[schema(min_length = 10, max_length = 1000, example = "障害対応のため本番の状態を確認します")]
    justification: Option<String>,
    #[schema(min_length = 1, max_length = 100, example = "INC-4711")]
    ticket: Option<String>,
}

/// What became of a submission.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubmissionAnswer {
    /// The id the requests share; `null` where one account was named.
    batch: Option<String>,
    /// One for each account, in the order given.
    results: Vec<SubmissionResult>,
}

/// What became of one account's request: either the request or the problem.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SubmissionResult {
    #[schema(example = "111122223333")]
    account: String,
    request: Option<Box<RequestView>>,
    problem: Option<Box<Problem>>,
}

/// Ask for access
///
/// What was made under an `Idempotency-Key` is answered with again for seven days, and never made twice; what was
/// refused is tried again by a repeat with the same key and body. Keys are each caller's own.
#[utoipa::path(post, path = "/requests", operation_id = "submit_request", tag = "requests",
    params(("Idempotency-Key" = String, Header, min_length = 1, max_length = 100,
        description = "Fresh for each thing that is wanted; visible ASCII")),
    request_body = Submission,
    responses((status = 201, body = SubmissionAnswer), SubmitProblems))]
pub(crate) async fn submit_request(
    State(api): State<ApiState>,
    LiveCaller(caller): LiveCaller,
    IdempotencyKey(key): IdempotencyKey,
    Body(submission): Body<Submission>,
) -> Result<(StatusCode, Json<SubmissionAnswer>), Problem> {
    submission.check_accounts()?;
    let wanted = match submission.wanted(key) {
        Ok(wanted) => wanted,
        Err(text) => return Err(refuse(&api, &caller, Refusal::Text(text).into()).await),
    };
    match submit_request::submit_request(&api.kari, &caller, Cause::Api, &wanted).await {
        Ok(submitted) => answer(&api, &caller, submitted).await.map(|a| (StatusCode::CREATED, Json(a))),
        Err(error) => Err(refuse(&api, &caller, error).await),
    }
}

impl Submission {
    fn check_accounts(&self) -> Result<(), Problem> {
        let different: BTreeSet<_> = self.accounts.iter().collect();
        if self.accounts.is_empty() || self.accounts.len() > MOST_ACCOUNTS {
            Err(Problem::malformed("accounts-out-of-range", "name 1 to 50 accounts"))
        } else if different.len() < self.accounts.len() {
            Err(Problem::malformed("account-repeated", "an account is named twice; name each once"))
        } else {
            Ok(())
        }
    }

    fn wanted(self, idempotency_key: String) -> Result<Wanted, MalformedText> {
        Ok(Wanted {
            idempotency_key,
            accounts: self.accounts,
            permission_set: self.permission_set,
            start: self.start.map(|at| at.0),
            duration: Minutes(self.duration_minutes),
            justification: self.justification.map(|text| Justification::parse(&text)).transpose()?,
            ticket: self.ticket.map(|text| Ticket::parse(&text)).transpose()?,
        })
    }
}

async fn refuse(api: &ApiState, caller: &Caller, error: Error) -> Problem {
    record(&api.kari, caller, "submit", None, &error).await;
    error.into()
}

async fn answer(api: &ApiState, caller: &Caller, submitted: Submitted) -> Result<SubmissionAnswer, Problem> {
    record_refused(api, caller, &submitted.answers).await;
    let around = surroundings_if_readable(api).await;
    let result = |answer| SubmissionResult::new(api, caller, &around, answer);
    let results: Vec<_> = submitted.answers.into_iter().map(result).collect();
    match together(&results) {
        Some(problem) => Err(problem.with_results(results)),
        None => Ok(SubmissionAnswer { batch: submitted.batch.map(|id| id.to_string()), results }),
    }
}

/// Each kind of refusal is recorded once, however many accounts it met.
async fn record_refused(api: &ApiState, caller: &Caller, answers: &[Answer]) {
    let mut known = BTreeSet::new();
    for error in answers.iter().filter_map(|answer| answer.result.as_ref().err()) {
        if known.insert(error.refusal_code()) {
            record(&api.kari, caller, "submit", None, error).await;
        }
    }
}

impl SubmissionResult {
    fn new(api: &ApiState, caller: &Caller, around: &Surroundings, answer: Answer) -> Self {
        let (request, problem) = match answer.result {
            Ok(request) => (view(api, caller, around, request).map(Box::new), None),
            Err(error) => (None, Some(Box::new(Problem::from(error)))),
        };
        Self { account: answer.account.to_string(), request, problem }
    }
}

fn view(
    api: &ApiState,
    caller: &Caller,
    around: &Surroundings,
    request: AccessRequest,
) -> Option<RequestView> {
    let seen = see(&api.kari, caller, around, request)?;
    Eye::of(api, caller, around).see(&seen)
}

/// The problem of the whole submission, where nothing of it was taken: the one that all accounts
/// have, or that something was unavailable, or that all were refused.
fn together(results: &[SubmissionResult]) -> Option<Problem> {
    let problems: Option<Vec<&Problem>> = results.iter().map(|result| result.problem.as_deref()).collect();
    let problems = problems?;
    let first = *problems.first()?;
    let failed = problems.iter().find(|problem| problem.status().is_server_error());
    if problems.iter().all(|problem| problem.code() == first.code()) {
        Some(first.clone().without_reasons_unless(results.len() == 1))
    } else if let Some(failed) = failed {
        Some((*failed).clone())
    } else {
        let detail = "none of the requests was taken; see what is said about each account";
        Some(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "all-refused", detail))
    }
}
