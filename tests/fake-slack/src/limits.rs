//! The limits of Block Kit, as Slack's reference states them for each block and element.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::refusal::Refusal;

pub(crate) const LONGEST_TEXT: usize = 40_000;
pub(crate) const MOST_IN_A_MESSAGE: usize = 50;
pub(crate) const MOST_IN_A_VIEW: usize = 100;

type Checked = Result<(), String>;

/// Blocks as Slack takes them, or its refusal with what is wrong.
pub(crate) fn check_blocks(blocks: &Value, most: usize) -> Result<(), Refusal> {
    checked(blocks, most).map_err(|message| Refusal::Not("invalid_blocks".to_owned(), vec![message]))
}

fn checked(blocks: &Value, most: usize) -> Checked {
    let blocks = blocks.as_array().ok_or("blocks are no list")?;
    at_most("blocks", blocks.len(), most)?;
    let mut ids = BTreeSet::new();
    for block in blocks {
        if let Some(id) = string(block, "block_id") {
            at_most("block_id", id.chars().count(), 255)?;
            unique("block_id", &mut ids, id)?;
        }
        check_block(block)?;
        let mut actions = BTreeSet::new();
        for element in elements_of(block) {
            if let Some(id) = string(element, "action_id") {
                at_most("action_id", id.chars().count(), 255)?;
                unique("action_id in one block", &mut actions, id)?;
            }
        }
    }
    Ok(())
}

fn check_block(block: &Value) -> Checked {
    match kind(block) {
        "header" => plain("header", field(block, "text")?, 150),
        "divider" => Ok(()),
        "section" => section(block),
        "actions" => {
            let elements = list(block, "elements")?;
            between("elements of actions", elements.len(), 1, 25)?;
            elements.iter().try_for_each(element)
        }
        "context" => {
            let elements = list(block, "elements")?;
            between("elements of context", elements.len(), 1, 10)?;
            elements.iter().try_for_each(|text| any_text("context", text, 3_000))
        }
        "input" => {
            plain("label", field(block, "label")?, 2_000)?;
            block.get("hint").map_or(Ok(()), |hint| plain("hint", hint, 2_000))?;
            element(field(block, "element")?)
        }
        "rich_text" => rich_text(block),
        other => Err(format!("unsupported block {other}")),
    }
}

fn section(block: &Value) -> Checked {
    let fields = block.get("fields").and_then(Value::as_array);
    match (block.get("text"), fields) {
        (None, None) => return Err("a section has neither text nor fields".to_owned()),
        (Some(text), _) => any_text("section", text, 3_000)?,
        (None, Some(_)) => {}
    }
    if let Some(fields) = fields {
        between("fields", fields.len(), 1, 10)?;
        fields.iter().try_for_each(|text| any_text("field", text, 2_000))?;
    }
    block.get("accessory").map_or(Ok(()), element)
}

fn element(element: &Value) -> Checked {
    if let Some(text) = element.get("placeholder") {
        plain("placeholder", text, 150)?;
    }
    match kind(element) {
        "button" => button(element),
        "static_select" | "multi_static_select" | "radio_buttons" | "checkboxes" => options(element),
        "overflow" => {
            between("options of overflow", list(element, "options")?.len(), 1, 5)?;
            options(element)
        }
        "external_select"
        | "multi_external_select"
        | "users_select"
        | "plain_text_input"
        | "number_input"
        | "datepicker"
        | "timepicker"
        | "datetimepicker" => Ok(()),
        other => Err(format!("unsupported element {other}")),
    }
}

fn button(button: &Value) -> Checked {
    plain("button", field(button, "text")?, 75)?;
    at_most("value", string(button, "value").unwrap_or_default().chars().count(), 2_000)?;
    at_most("url", string(button, "url").unwrap_or_default().chars().count(), 3_000)?;
    if string(button, "style").is_some_and(|style| !["primary", "danger"].contains(&style)) {
        return Err("a style is primary or danger".to_owned());
    }
    let Some(confirm) = button.get("confirm") else { return Ok(()) };
    plain("title", field(confirm, "title")?, 100)?;
    any_text("text of confirm", field(confirm, "text")?, 300)?;
    plain("confirm", field(confirm, "confirm")?, 30)?;
    plain("deny", field(confirm, "deny")?, 30)
}

fn options(element: &Value) -> Checked {
    if let Some(groups) = element.get("option_groups").and_then(Value::as_array) {
        between("option groups", groups.len(), 1, 100)?;
        return groups.iter().try_for_each(options);
    }
    let options = list(element, "options")?;
    between("options", options.len(), 1, 100)?;
    options.iter().try_for_each(|option| {
        any_text("option", field(option, "text")?, 75)?;
        at_most("value of option", string(option, "value").unwrap_or_default().chars().count(), 150)?;
        option.get("description").map_or(Ok(()), |text| plain("description", text, 75))
    })
}

fn rich_text(block: &Value) -> Checked {
    let elements = list(block, "elements")?;
    between("elements of rich_text", elements.len(), 1, 100)?;
    elements.iter().try_for_each(|element| match kind(element) {
        "rich_text_section" | "rich_text_preformatted" | "rich_text_quote" => {
            list(element, "elements")?.iter().try_for_each(run)
        }
        "rich_text_list" => list(element, "elements")?
            .iter()
            .try_for_each(|section| list(section, "elements")?.iter().try_for_each(run)),
        other => Err(format!("unsupported element {other} of rich_text")),
    })
}

fn run(run: &Value) -> Checked {
    let needs = |name: &str| match string(run, name) {
        Some(text) if !text.is_empty() => Ok(()),
        Some(_) | None => Err(format!("a {} without {name}", kind(run))),
    };
    match kind(run) {
        "text" => needs("text"),
        "link" => needs("url"),
        "user" => needs("user_id"),
        "emoji" => needs("name"),
        "date" if run.get("timestamp").and_then(Value::as_i64).is_none() => {
            Err("a date without timestamp".to_owned())
        }
        "date" => needs("format"),
        other => Err(format!("unsupported run {other}")),
    }
}

/// A plain text that is not empty, nor too long.
pub(crate) fn plain(name: &str, text: &Value, longest: usize) -> Checked {
    if kind(text) != "plain_text" {
        return Err(format!("{name} has to be plain_text"));
    }
    any_text(name, text, longest)
}

fn any_text(name: &str, text: &Value, longest: usize) -> Checked {
    if !["plain_text", "mrkdwn"].contains(&kind(text)) {
        return Err(format!("{name} is no text"));
    }
    between(
        &format!("{name} (characters)"),
        string(text, "text").unwrap_or_default().chars().count(),
        1,
        longest,
    )
}

fn elements_of(block: &Value) -> Vec<&Value> {
    let several = block.get("elements").and_then(Value::as_array).into_iter().flatten();
    several.chain(block.get("accessory")).chain(block.get("element")).collect()
}

fn kind(value: &Value) -> &str {
    string(value, "type").unwrap_or_default()
}

fn string<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

fn field<'a>(value: &'a Value, name: &str) -> Result<&'a Value, String> {
    value.get(name).ok_or_else(|| format!("{} without {name}", kind(value)))
}

fn list<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>, String> {
    field(value, name)?.as_array().ok_or_else(|| format!("{name} is no list"))
}

fn at_most(name: &str, count: usize, most: usize) -> Checked {
    if count <= most { Ok(()) } else { Err(format!("{name}: {count}, but at most {most}")) }
}

fn between(name: &str, count: usize, least: usize, most: usize) -> Checked {
    if count < least {
        Err(format!("{name}: {count}, but at least {least}"))
    } else {
        at_most(name, count, most)
    }
}

fn unique(name: &str, seen: &mut BTreeSet<String>, id: &str) -> Checked {
    if seen.insert(id.to_owned()) { Ok(()) } else { Err(format!("{name} {id} is there twice")) }
}

/// What is wrong with the blocks of a message, if anything is.
pub fn complaint(blocks: &Value) -> Option<String> {
    checked(blocks, MOST_IN_A_MESSAGE).err()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn words(count: usize) -> Value {
        json!({"type": "plain_text", "text": "障".repeat(count)})
    }

    fn buttons(count: usize) -> Value {
        let button = |n| json!({"type": "button", "action_id": format!("a{n}"), "text": words(75), "value": "v".repeat(2_000)});
        json!([{"type": "actions", "elements": (0..count).map(button).collect::<Vec<_>>()}])
    }

    fn select(count: usize) -> Value {
        let option = |n: usize| json!({"text": words(75), "value": n.to_string()});
        let options: Vec<_> = (0..count).map(option).collect();
        json!([{"type": "actions", "elements": [{"type": "static_select", "action_id": "a", "options": options}]}])
    }

    type Blocks<'a> = &'a dyn Fn(usize) -> Value;

    #[test]
    fn what_is_at_its_limit_is_taken_and_one_more_is_not() {
        let dividers = |count| json!(vec![json!({"type": "divider"}); count]);
        let header = |count| json!([{"type": "header", "text": words(count)}]);
        let section = |count| json!([{"type": "section", "text": words(count)}]);
        let limits: [(Blocks<'_>, usize); 5] =
            [(&dividers, 50), (&header, 150), (&section, 3_000), (&buttons, 25), (&select, 100)];
        for (blocks, most) in limits {
            assert_eq!(complaint(&blocks(most)), None);
            assert!(complaint(&blocks(most + 1)).is_some(), "{most}");
        }
    }

    #[test]
    fn an_action_is_once_in_its_block_and_as_often_as_one_likes_in_others() {
        let button = |value| json!({"type": "button", "action_id": "end", "text": words(1), "value": value});
        let line = |value| json!({"type": "section", "text": words(1), "accessory": button(value)});
        assert_eq!(complaint(&json!([line("1"), line("2")])), None);
        let twice = json!([{"type": "actions", "elements": [button("1"), button("2")]}]);
        assert!(complaint(&twice).is_some());
    }

    #[test]
    fn what_slack_does_not_know_or_finds_empty_is_refused() {
        for blocks in [
            json!({}),
            json!([{"type": "marquee"}]),
            json!([{"type": "header", "text": words(0)}]),
            json!([{"type": "header", "text": {"type": "mrkdwn", "text": "*x*"}}]),
            json!([{"type": "section"}]),
            json!([{"type": "actions", "elements": []}]),
            json!([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}]),
            json!([{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": ""}]}]}]),
            json!([{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "date", "format": "{date}"}]}]}]),
        ] {
            assert!(complaint(&blocks).is_some(), "{blocks}");
        }
    }
}
