//! The methods of the Web API.

use std::sync::{Arc, Mutex};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::limits::check_blocks;
use crate::refusal::Refusal;
use crate::views;
use crate::workspace::{Call, Posted, Workspace, between};
use crate::{limits, locked};

pub(crate) type Answer = Result<Value, Refusal>;

/// One call: recorded, whatever becomes of it.
pub(crate) async fn call(
    State(workspace): State<Arc<Mutex<Workspace>>>,
    Path(method): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = arguments(query.as_deref(), &body);
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut workspace = locked(&workspace);
    let answer = match allowed(&mut workspace, &method, &body, token) {
        Ok(()) => done(&mut workspace, &method, &body),
        // Whatever came of it, nobody hears.
        Err(Refusal::Lost) => done(&mut workspace, &method, &body).and(Err(Refusal::Lost)),
        Err(refusal) => Err(refusal),
    };
    let word = answer.as_ref().map_or_else(Refusal::word, |_| "ok".to_owned());
    workspace.calls.push(Call { method, body, answer: word });
    match answer {
        Ok(mut value) => {
            if let Some(value) = value.as_object_mut() {
                value.insert("ok".to_owned(), json!(true));
            }
            Json(value).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// JSON, a form or a query: Slack takes all of them.
fn arguments(query: Option<&str>, body: &Bytes) -> Value {
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        return value;
    }
    let form = |bytes: &[u8]| form_urlencoded::parse(bytes).into_owned().collect::<Vec<_>>();
    let mut pairs = form(query.unwrap_or_default().as_bytes());
    pairs.extend(form(body));
    pairs
        .into_iter()
        .map(|(name, value)| (name, Value::from(value)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn allowed(workspace: &mut Workspace, method: &str, body: &Value, token: &str) -> Result<(), Refusal> {
    let conversation = text(body, "channel").unwrap_or_default();
    let failure = workspace.next_failure(&format!("{method} {conversation}"));
    if let Some(refusal) = failure.or_else(|| workspace.next_failure(method)) {
        return Err(refusal);
    }
    match &workspace.token {
        None => Err(Refusal::code("token_revoked")),
        Some(known) if token == format!("Bearer {known}") => workspace.count_call(method),
        Some(_) => Err(Refusal::code("invalid_auth")),
    }
}

fn done(workspace: &mut Workspace, method: &str, body: &Value) -> Answer {
    match method {
        "auth.test" => Ok(json!({
            "url": "https://fake.slack.com/", "team": "Fake", "team_id": workspace.team,
            "user": "kari", "user_id": "U0KARI", "bot_id": "B0KARI",
        })),
        "chat.postMessage" => post(workspace, body),
        "chat.postEphemeral" => post_ephemeral(workspace, body),
        "chat.update" => update(workspace, body),
        "conversations.open" => open(workspace, body),
        "users.info" => info(workspace, body),
        "users.lookupByEmail" => by_email(workspace, body),
        "users.list" => Ok(list(workspace)),
        "views.open" => views::open(workspace, body),
        "views.update" => views::update(body),
        "views.publish" => views::publish(workspace, body),
        _ => Err(Refusal::code("unknown_method")),
    }
}

pub(crate) fn text<'a>(body: &'a Value, name: &str) -> Option<&'a str> {
    body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

pub(crate) fn required<'a>(body: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    text(body, name)
        .ok_or_else(|| Refusal::Not("invalid_arguments".to_owned(), vec![format!("missing {name}")]))
}

/// What is said: a text, blocks, or both.
fn said(body: &Value) -> Result<(String, Value), Refusal> {
    let said = text(body, "text").unwrap_or_default();
    if said.chars().count() > limits::LONGEST_TEXT {
        return Err(Refusal::code("msg_too_long"));
    }
    let blocks = blocks(body)?;
    if said.is_empty() && blocks.as_array().is_none_or(Vec::is_empty) {
        return Err(Refusal::code("no_text"));
    }
    check_blocks(&blocks, limits::MOST_IN_A_MESSAGE)?;
    Ok((said.to_owned(), blocks))
}

/// Blocks as JSON, also where they come as text in a form.
fn blocks(body: &Value) -> Result<Value, Refusal> {
    match body.get("blocks") {
        None | Some(Value::Null) => Ok(json!([])),
        Some(Value::String(text)) => {
            serde_json::from_str(text).map_err(|_| Refusal::code("invalid_blocks_format"))
        }
        Some(blocks) => Ok(blocks.clone()),
    }
}

fn post(workspace: &mut Workspace, body: &Value) -> Answer {
    let channel = workspace.conversation(required(body, "channel")?)?;
    let (text, blocks) = said(body)?;
    workspace.pace(&channel)?;
    let ts = workspace.next_ts();
    let thread = self::text(body, "thread_ts").map(str::to_owned);
    let message = json!({"ts": ts, "text": text, "blocks": blocks, "bot_id": "B0KARI", "user": "U0KARI"});
    let answer = json!({"channel": channel, "ts": ts, "message": message});
    workspace.messages.push(Posted { channel, ts, text, blocks, thread, edits: 0 });
    Ok(answer)
}

fn post_ephemeral(workspace: &mut Workspace, body: &Value) -> Answer {
    workspace.conversation(required(body, "channel")?)?;
    if !workspace.people.contains_key(required(body, "user")?) {
        return Err(Refusal::code("user_not_in_channel"));
    }
    said(body)?;
    Ok(json!({"message_ts": workspace.next_ts()}))
}

fn update(workspace: &mut Workspace, body: &Value) -> Answer {
    let channel = workspace.conversation(required(body, "channel")?).map_err(of_a_change)?;
    let ts = required(body, "ts")?;
    let (text, blocks) = said(body)?;
    let known = workspace.messages.iter_mut().find(|posted| posted.channel == channel && posted.ts == ts);
    let posted = known.ok_or_else(|| Refusal::code("message_not_found"))?;
    posted.text.clone_from(&text);
    posted.blocks = blocks.clone();
    posted.edits += 1;
    Ok(json!({"channel": channel, "ts": ts, "text": text, "message": {"text": text, "blocks": blocks}}))
}

/// What is wrong with a channel, in the word that Slack has for it where a message is changed.
fn of_a_change(refusal: Refusal) -> Refusal {
    if refusal == Refusal::code("is_archived") { Refusal::code("is_inactive") } else { refusal }
}

fn open(workspace: &Workspace, body: &Value) -> Answer {
    let user = required(body, "users")?;
    if !workspace.people.contains_key(user) {
        return Err(Refusal::code("user_not_found"));
    }
    Ok(json!({"channel": {"id": between(user)}}))
}

fn info(workspace: &Workspace, body: &Value) -> Answer {
    let id = required(body, "user")?;
    let person = workspace.people.get(id).ok_or_else(|| Refusal::code("user_not_found"))?;
    let with_locale = ["true", "1"].contains(&text(body, "include_locale").unwrap_or_default());
    Ok(json!({"user": person.described(id, &workspace.team, with_locale)}))
}

fn by_email(workspace: &Workspace, body: &Value) -> Answer {
    let email = required(body, "email")?;
    let same = |person: &crate::Person| person.email.eq_ignore_ascii_case(email) && !person.deleted;
    let found = workspace.people.iter().find(|(_, person)| same(person));
    let (id, person) = found.ok_or_else(|| Refusal::code("users_not_found"))?;
    Ok(json!({"user": person.described(id, &workspace.team, false)}))
}

fn list(workspace: &Workspace) -> Value {
    let people = workspace.people.iter().map(|(id, person)| person.described(id, &workspace.team, true));
    json!({"members": people.collect::<Vec<_>>(), "response_metadata": {"next_cursor": ""}})
}
