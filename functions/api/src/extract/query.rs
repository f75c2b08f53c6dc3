use std::collections::BTreeSet;
use std::error::Error as _;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use kari_application::ports::{Cursor, PageRequest};
use kari_application::words::Words;
use kari_domain::request::RequestState;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::misfit::in_words;
use crate::Problem;

/// Query parameters.
#[derive(Debug, Clone, Copy)]
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let parsed = Query::<T>::from_request_parts(parts, state).await;
        parsed.map(|Query(query)| Self(query)).map_err(|rejection| {
            let what = rejection.source().map_or_else(String::new, ToString::to_string);
            let (field, said) = what.split_once(": ").unwrap_or(("", what.as_str()));
            let what = in_words(field, said);
            Problem::malformed("malformed-query", &format!("the query does not fit: {what}"))
        })
    }
}

/// How many items a list gives at once: 1 to 200, 50 unless said otherwise.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "u16")]
pub struct Limit(usize);

impl Limit {
    /// The number.
    pub fn get(self) -> usize {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl TryFrom<u16> for Limit {
    type Error = &'static str;

    fn try_from(limit: u16) -> Result<Self, Self::Error> {
        if (1..=200).contains(&limit) { Ok(Self(limit.into())) } else { Err("limit must be 1 to 200") }
    }
}

/// Which part of a list is asked for.
pub fn page(limit: Limit, cursor: Option<String>) -> PageRequest {
    PageRequest { limit: limit.get(), after: cursor.map(Cursor) }
}

/// Words to search for; at most 200 characters.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Search(pub(crate) String);

impl TryFrom<String> for Search {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.chars().count() <= 200 { Ok(Self(text)) } else { Err("search is longer than 200 characters") }
    }
}

impl Search {
    pub(crate) fn words(&self) -> Words {
        Words::new(&self.0)
    }
}

/// Ids, separated by commas; at most 200.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct ListedIds(BTreeSet<String>);

impl TryFrom<String> for ListedIds {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let ids: BTreeSet<String> = text.split(',').map(str::to_owned).collect();
        if ids.len() <= 200 { Ok(Self(ids)) } else { Err("ids names more than 200") }
    }
}

impl ListedIds {
    /// Whether this is one of them.
    pub(crate) fn contain(&self, id: &str) -> bool {
        self.0.contains(id)
    }
}

/// Names of states, separated by commas.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct States(pub(crate) Vec<RequestState>);

impl TryFrom<String> for States {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let named = |name: &str| name.parse().ok().filter(|state| *state != RequestState::Absent);
        let states: BTreeSet<RequestState> = text
            .split(',')
            .map(named)
            .collect::<Option<_>>()
            .ok_or("state must name pending, approved, activating, active, ending or closed")?;
        Ok(Self(states.into_iter().collect()))
    }
}
