//! Changes as people read them: each policy, and what differs in it field by field.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use kari_application::apply_policies::{Plan, Step};
use kari_application::edit_policies::AnyPolicy;
use kari_domain::directory::Snapshot;
use kari_domain::policy::Policy;
use kari_domain::settings::Settings;
use serde::Serialize;
use serde_json::Value;

/// A plan, with the names of what it names.
pub(super) struct Shown<'a> {
    pub(super) plan: &'a Plan,
    pub(super) directory: &'a Snapshot,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.plan.steps {
            self.step(f, step)?;
        }
        let (changes, unchanged) = (self.plan.steps.len(), self.plan.unchanged);
        let changes = match changes {
            0 => "nothing to change".to_owned(),
            1 => "1 change".to_owned(),
            many => format!("{many} changes"),
        };
        let policies = if unchanged == 1 { "policy stays" } else { "policies stay" };
        writeln!(f, "{changes}; {unchanged} {policies} unchanged; version {}", self.plan.version)
    }
}

impl Shown<'_> {
    fn step(&self, f: &mut fmt::Formatter<'_>, step: &Step) -> fmt::Result {
        match step {
            Step::Policy { before: None, after: None } => Ok(()),
            Step::Policy { before: None, after: Some(after) } => {
                writeln!(f, "create {}", title(after))?;
                let mut fields = fields_of(after);
                fields.remove("name");
                self.fields(f, &BTreeMap::new(), &fields)
            }
            Step::Policy { before: Some(before), after: None } => writeln!(f, "delete {}", title(before)),
            Step::Policy { before: Some(before), after: Some(after) } => {
                writeln!(f, "change {}", title(after))?;
                self.fields(f, &fields_of(before), &fields_of(after))
            }
            Step::Settings { before, after } => {
                writeln!(f, "change settings")?;
                self.fields(f, &flat::<Settings>(before), &flat::<Settings>(after))
            }
        }
    }

    fn fields(&self, f: &mut fmt::Formatter<'_>, before: &Fields, after: &Fields) -> fmt::Result {
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            let (old, new) = (before.get(name), after.get(name));
            match (old, new) {
                (None, None) => {}
                (old, new) if old == new => {}
                (None | Some(Field::Many(_)), Some(Field::Many(_))) | (Some(Field::Many(_)), None) => {
                    self.members(f, name, old, new)?;
                }
                (None, Some(new)) => writeln!(f, "    {name}: {}", self.told(new))?,
                (Some(old), None) => writeln!(f, "    {name}: {} → nothing", self.told(old))?,
                (Some(old), Some(new)) => writeln!(f, "    {name}: {} → {}", self.told(old), self.told(new))?,
            }
        }
        Ok(())
    }

    /// What comes to a list and what goes from it.
    fn members(
        &self,
        f: &mut fmt::Formatter<'_>,
        name: &str,
        old: Option<&Field>,
        new: Option<&Field>,
    ) -> fmt::Result {
        let all = |field: Option<&Field>| match field {
            Some(Field::Many(all)) => all.clone(),
            Some(Field::One(_)) | None => BTreeSet::new(),
        };
        let (old, new) = (all(old), all(new));
        let gone = old.difference(&new).map(|id| format!("-{}", self.named(id)));
        let come = new.difference(&old).map(|id| format!("+{}", self.named(id)));
        writeln!(f, "    {name}: {}", gone.chain(come).collect::<Vec<_>>().join(" "))
    }

    fn told(&self, field: &Field) -> String {
        match field {
            Field::One(text) => self.named(text),
            Field::Many(all) => all.iter().map(|id| self.named(id)).collect::<Vec<_>>().join(" "),
        }
    }

    /// An id by the name of what has it.
    fn named(&self, id: &str) -> String {
        let of = self.directory;
        let named = (id.parse().ok().and_then(|id| of.groups.get(&id)).map(|group| &group.display_name))
            .or_else(|| id.parse().ok().and_then(|id| of.users.get(&id)).map(|user| &user.user_name))
            .or_else(|| id.parse().ok().and_then(|id| of.accounts.get(&id)).map(|account| &account.name))
            .or_else(|| id.parse().ok().and_then(|id| of.units.get(&id)).map(|unit| &unit.name))
            .or_else(|| id.parse().ok().and_then(|id| of.permission_sets.get(&id)).map(|set| &set.name));
        named.map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"))
    }
}

/// The fields of something, by their place in it.
type Fields = BTreeMap<String, Field>;

#[derive(Debug, PartialEq, Eq)]
enum Field {
    One(String),
    /// Their order does not matter.
    Many(BTreeSet<String>),
}

fn title(policy: &AnyPolicy) -> String {
    fn of<P: Policy>(kind: &str, policy: &P) -> String {
        format!("{kind} {}: {}", policy.id(), policy.name().as_str())
    }
    match policy {
        AnyPolicy::Eligibility(policy) => of("eligibility policy", policy),
        AnyPolicy::Guardrail(policy) => of("guardrail", policy),
        AnyPolicy::Approver(policy) => of("approver policy", policy),
    }
}

/// Its title says its id, and the name that it has then.
fn fields_of(policy: &AnyPolicy) -> Fields {
    let mut fields = match policy {
        AnyPolicy::Eligibility(policy) => flat(policy),
        AnyPolicy::Guardrail(policy) => flat(policy),
        AnyPolicy::Approver(policy) => flat(policy),
    };
    fields.remove("id");
    fields
}

fn flat<T: Serialize>(of: &T) -> Fields {
    let mut fields = Fields::new();
    // What is stored as JSON can be written as JSON.
    collect(&mut fields, String::new(), &serde_json::to_value(of).unwrap_or_default());
    fields
}

/// What is empty is as if it were not there.
fn collect(fields: &mut Fields, place: String, value: &Value) {
    let inner = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (name, value) in members {
                collect(fields, inner(name), value);
            }
        }
        Value::Array(all) if all.iter().any(Value::is_object) => {
            for (at, value) in all.iter().enumerate() {
                collect(fields, format!("{place}[{}]", at + 1), value);
            }
        }
        Value::Array(all) if all.is_empty() => {}
        Value::Array(all) => {
            fields.insert(place, Field::Many(all.iter().map(text).collect()));
        }
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            fields.insert(place, Field::One(text(value)));
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    }
}
