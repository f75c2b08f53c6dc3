//! The way of every call of an AWS API: which operation it is, then its members, then its answer.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kari_application::ports::Clock;
use serde_json::Value;
use uuid::Uuid;

use super::exchange::{Answer, Exchange};
use super::failure::Failure;
use super::members::Members;
use super::shapes::present;
use super::{Front, operations, serve, sts};
use crate::identity_center::{Action, Service};

const AWS_JSON: &str = "application/x-amz-json-1.1";
const TARGET: &str = "x-amz-target";
const REQUEST_ID: &str = "x-amzn-requestid";
const ERROR_TYPE: &str = "x-amzn-errortype";

pub(super) async fn answer(State(front): State<Arc<Front>>, headers: HeaderMap, body: Bytes) -> Response {
    if sts::is_meant(&headers) {
        return sts::answer(&front, &headers, &body);
    }
    let target = headers.get(TARGET).and_then(|target| target.to_str().ok()).unwrap_or_default();
    let (service, action) = operations::named(target);
    let outcome = match action {
        Some(action) => perform(&front, action, sts::is_from_management(&headers), &body).await,
        None => Err(Failure::UnknownOperation),
    };
    let request = front.next_request_id();
    match outcome {
        Ok(members) => json(StatusCode::OK, request, members),
        Err(failure) if failure.is_silence() => serve::no_answer(),
        Err(failure) => refusal(service, &failure, request),
    }
}

async fn perform(front: &Front, action: Action, from_management: bool, body: &[u8]) -> Answer {
    let clock: &dyn Clock = &*front.center.clock;
    let _under_way = front.traffic.begin(action, clock.now());
    if !front.options.delay.is_zero() {
        clock.sleep(front.options.delay).await;
    }
    operations::perform(&Exchange { front, action, members: Members::parse(body)?, from_management })
}

fn refusal(service: Option<Service>, failure: &Failure, request: Uuid) -> Response {
    let code = failure.code(service);
    let status = if failure.is_ours() { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::BAD_REQUEST };
    let members = failure.members(service, request);
    ([(ERROR_TYPE, code)], json(status, request, members)).into_response()
}

fn json(status: StatusCode, request: Uuid, members: Value) -> Response {
    let headers = [(CONTENT_TYPE.as_str(), AWS_JSON.to_owned()), (REQUEST_ID, request.to_string())];
    (status, headers, present(members).to_string()).into_response()
}
