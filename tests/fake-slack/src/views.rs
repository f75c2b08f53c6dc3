//! Modals and the App Home.

use serde_json::{Value, json};

use crate::limits::{MOST_IN_A_VIEW, check_blocks, plain};
use crate::methods::{Answer, required};
use crate::refusal::Refusal;
use crate::workspace::Workspace;

const LONGEST_TITLE: usize = 24;
const LONGEST_METADATA: usize = 3_000;
const LONGEST_CALLBACK: usize = 255;

pub(crate) fn open(workspace: &mut Workspace, body: &Value) -> Answer {
    let trigger = required(body, "trigger_id")?;
    let view = view(body)?;
    workspace.exchange(trigger)?;
    Ok(described(view, &workspace.team))
}

pub(crate) fn update(body: &Value) -> Answer {
    if crate::methods::text(body, "view_id").is_none() && crate::methods::text(body, "external_id").is_none()
    {
        return Err(Refusal::code("not_found"));
    }
    Ok(described(view(body)?, "T0000000001"))
}

pub(crate) fn publish(workspace: &Workspace, body: &Value) -> Answer {
    if !workspace.people.contains_key(required(body, "user_id")?) {
        return Err(Refusal::code("user_not_found"));
    }
    Ok(described(view(body)?, &workspace.team))
}

/// A view that is as Slack wants it.
fn view(body: &Value) -> Result<Value, Refusal> {
    let view = match body.get("view") {
        Some(Value::String(text)) => serde_json::from_str(text).map_err(|_| wrong("view is no JSON"))?,
        Some(view) => view.clone(),
        None => return Err(wrong("missing view")),
    };
    let kind = view.get("type").and_then(Value::as_str).unwrap_or_default();
    if !["modal", "home"].contains(&kind) {
        return Err(wrong("a view is a modal or a home"));
    }
    for name in ["title", "submit", "close"] {
        match view.get(name) {
            Some(text) => plain(name, text, LONGEST_TITLE).map_err(|message| wrong(&message))?,
            None if name == "title" && kind == "modal" => return Err(wrong("missing title")),
            None => {}
        }
    }
    for (name, longest) in [("private_metadata", LONGEST_METADATA), ("callback_id", LONGEST_CALLBACK)] {
        let length = view.get(name).and_then(Value::as_str).unwrap_or_default().chars().count();
        if length > longest {
            return Err(wrong(&format!("{name} has more than {longest} characters")));
        }
    }
    let blocks = view.get("blocks").cloned().unwrap_or_default();
    let has_input = blocks.as_array().is_some_and(|blocks| {
        blocks.iter().any(|block| block.get("type").and_then(Value::as_str) == Some("input"))
    });
    if kind == "modal" && has_input && view.get("submit").is_none() {
        return Err(wrong("a modal with inputs needs submit"));
    }
    check_blocks(&blocks, MOST_IN_A_VIEW)?;
    Ok(view)
}

fn described(mut view: Value, team: &str) -> Value {
    if let Some(view) = view.as_object_mut() {
        view.insert("id".to_owned(), json!("V0000000001"));
        view.insert("team_id".to_owned(), json!(team));
        view.insert("hash".to_owned(), json!("1700000000.fake"));
    }
    json!({"view": view})
}

fn wrong(message: &str) -> Refusal {
    Refusal::Not("invalid_arguments".to_owned(), vec![message.to_owned()])
}
