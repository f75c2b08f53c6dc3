//! Which problems which operations answer with, for the OpenAPI document.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};

use crate::problem::PROBLEM_JSON;

/// What every operation may answer with.
#[derive(Debug)]
pub struct Problems;
/// What commands on one request may answer with.
#[derive(Debug)]
pub struct CommandProblems;
/// What a submission may answer with.
#[derive(Debug)]
pub struct SubmitProblems;
/// What trying a change out may answer with.
#[derive(Debug)]
pub(crate) struct TrialProblems;
/// What the question after the health may be answered with.
#[derive(Debug)]
pub(crate) struct HealthProblems;
/// What edits of policies and settings may answer with.
#[derive(Debug)]
pub struct EditProblems;

const ALWAYS: [(u16, &str); 6] = [
    (400, "Something is malformed"),
    (401, "There is no valid token"),
    (403, "The caller is unknown or disabled in the identity store"),
    (404, "It does not exist, or not for the caller"),
    (500, "Recorded data cannot be understood"),
    (503, "Something is unavailable; try again"),
];
const HEALTH: [(u16, &str); 1] = [(503, "Not everything can be recorded")];
const WITH_BODY: [(u16, &str); 3] = [
    (413, "The body is longer than 64 KiB, or than 256 KiB with a policy"),
    (415, "The body is not JSON"),
    (422, "The policies, or the rules of a request's life, do not allow it"),
];
const COMMAND: [(u16, &str); 2] =
    [(403, "The caller may not do this"), (409, "The request's state does not allow it any more")];
const SUBMIT: [(u16, &str); 1] = [(409, "It was asked for already, or the key was used before")];
const EDIT: [(u16, &str); 3] = [
    (409, "A policy with this id exists"),
    (412, "Somebody changed it meanwhile"),
    (428, "`If-Match` is missing"),
];

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(&[&ALWAYS])
    }
}

impl IntoResponses for CommandProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(&[&ALWAYS, &WITH_BODY, &COMMAND])
    }
}

impl IntoResponses for SubmitProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(&[&ALWAYS, &WITH_BODY, &SUBMIT])
    }
}

impl IntoResponses for TrialProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(&[&ALWAYS, &WITH_BODY])
    }
}

impl IntoResponses for HealthProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(&[&HEALTH])
    }
}

impl IntoResponses for EditProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses(&[&ALWAYS, &WITH_BODY, &EDIT])
    }
}

/// Later lists say it more precisely.
fn responses(lists: &[&[(u16, &str)]]) -> BTreeMap<String, RefOr<Response>> {
    let all = lists.iter().flat_map(|list| list.iter());
    all.map(|(status, description)| (status.to_string(), problem(description).into())).collect()
}

fn problem(description: &str) -> Response {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content(PROBLEM_JSON, content).build()
}
