//! The members of a request, read one by one. What is missing, malformed or of another type is an error
//! that names the member; members nobody asks for are ignored, as AWS ignores them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::str::FromStr;

use kari_domain::ids::MalformedId;
use serde_json::{Map, Value, json};

use super::failure::{Failure, Reason};

#[derive(Debug, Clone)]
pub(super) struct Members(Map<String, Value>);

/// The same for all services and members: which one, and what it should be.
fn invalid(reason: Reason, name: &str, constraint: &str) -> Failure {
    let message =
        format!("1 validation error detected: Value at '{name}' failed to satisfy constraint: {constraint}");
    Failure::Invalid { reason, message }
}

fn mistyped(name: &str, expected: &str) -> Failure {
    Failure::Malformed(format!("'{name}' must be {expected}"))
}

/// A member that must be there.
pub(super) fn required<T>(name: &str, found: Option<T>) -> Result<T, Failure> {
    found.ok_or_else(|| invalid(Reason::InputRequired, name, "Member must not be null"))
}

impl Members {
    pub(super) fn parse(body: &[u8]) -> Result<Self, Failure> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err(Failure::Malformed("the body must be a JSON object".to_owned())),
            Err(error) => Err(Failure::Malformed(error.to_string())),
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// All but these, in an order that does not depend on the client.
    pub(super) fn without(&self, names: &[&str]) -> String {
        let members = self.0.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        json!(members.collect::<BTreeMap<_, _>>()).to_string()
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        let text = |value: &Value| matches!(value, Value::String(_));
        match self.get(name) {
            Some(value) if !text(value) => Err(mistyped(name, "a string")),
            found => Ok(found.and_then(Value::as_str)),
        }
    }

    pub(super) fn optional_id<T: FromStr<Err = MalformedId>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, Failure> {
        self.text(name)?.map(|text| parse(name, text)).transpose()
    }

    pub(super) fn id<T: FromStr<Err = MalformedId>>(&self, name: &str) -> Result<T, Failure> {
        required(name, self.optional_id(name)?)
    }

    pub(super) fn ids<T: FromStr<Err = MalformedId>>(
        &self,
        name: &str,
        length: RangeInclusive<usize>,
    ) -> Result<Vec<T>, Failure> {
        let values = required(name, self.list(name)?)?;
        if !length.contains(&values.len()) {
            let constraint =
                format!("Member must have length between {} and {}", length.start(), length.end());
            return Err(invalid(Reason::MaxLengthExceeded, name, &constraint));
        }
        let texts = values.iter().map(|value| value.as_str().ok_or_else(|| mistyped(name, "strings")));
        texts.map(|text| parse(name, text?)).collect()
    }

    fn list(&self, name: &str) -> Result<Option<&Vec<Value>>, Failure> {
        self.get(name).map(|value| value.as_array().ok_or_else(|| mistyped(name, "a list"))).transpose()
    }

    /// A structure within.
    pub(super) fn inner(&self, name: &str) -> Result<Option<Self>, Failure> {
        self.get(name).map(|value| object(name, value)).transpose()
    }

    /// The structures of a list within; none if there is no list.
    pub(super) fn inners(&self, name: &str) -> Result<Vec<Self>, Failure> {
        self.list(name)?.into_iter().flatten().map(|value| object(name, value)).collect()
    }

    pub(super) fn choice<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<Option<T>, Failure> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let chosen = choices.iter().find(|(name, _)| *name == text).map(|(_, chosen)| *chosen);
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let constraint = format!("Member must satisfy enum value set: [{}]", names.join(", "));
        chosen.ok_or_else(|| invalid(Reason::InvalidEnum, name, &constraint)).map(Some)
    }

    /// A number within bounds that start at 1.
    pub(super) fn count(&self, name: &str, most: usize) -> Result<Option<usize>, Failure> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_i64().ok_or_else(|| mistyped(name, "a whole number"))?;
        let beyond = invalid(
            Reason::MaxValueExceeded,
            name,
            &format!("Member must have value less than or equal to {most}"),
        );
        match usize::try_from(number) {
            Ok(number) if number > most => Err(beyond),
            Ok(number) if number > 0 => Ok(Some(number)),
            Ok(_) | Err(_) => {
                let constraint = "Member must have value greater than or equal to 1";
                Err(invalid(Reason::MinValueExceeded, name, constraint))
            }
        }
    }
}

fn object(name: &str, value: &Value) -> Result<Members, Failure> {
    value.as_object().cloned().map(Members).ok_or_else(|| mistyped(name, "an object"))
}

/// A string of the form that is expected of it.
fn parse<T: FromStr<Err = MalformedId>>(name: &str, text: &str) -> Result<T, Failure> {
    text.parse().map_err(|error: MalformedId| {
        let constraint = format!("Member must satisfy regular expression pattern: {}", error.expected);
        invalid(Reason::InvalidPattern, name, &constraint)
    })
}

/// A member whose form is not that of any id of ours.
pub(super) fn out_of_form(name: &str, expected: &str) -> Failure {
    invalid(Reason::InvalidPattern, name, &format!("Member must satisfy: {expected}"))
}
