use chrono::{DateTime, Utc};
use kari_application::Error;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::extract::{Limit, ListedIds, Search};
use crate::shapes::Place;

/// Which part.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListDirectory {
    /// Words that must occur in names or ids.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    search: Search,
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200)]
    limit: Limit,
    /// Only these ids, separated by commas; at most 200.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    ids: Option<ListedIds>,
    cursor: Option<String>,
}

/// A part of a list of the directory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DirectoryPart<T> {
    items: Vec<T>,
    next: Option<String>,
    /// When the directory was read.
    synced_at: DateTime<Utc>,
}

/// What can be listed: where it stands, and the text that a search looks through.
pub(super) struct Listed<T> {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) also: String,
    pub(super) item: T,
}

impl ListDirectory {
    /// The part that is asked for.
    pub(super) fn part<T>(
        &self,
        all: impl Iterator<Item = Listed<T>>,
        synced_at: DateTime<Utc>,
    ) -> Result<DirectoryPart<T>, Error> {
        let after = self.cursor.as_deref().map(Place::parse).transpose()?;
        let words = self.search.words();
        let text = |listed: &Listed<T>| format!("{} {} {}", listed.name, listed.id, listed.also);
        let wanted = |listed: &Listed<T>| self.ids.as_ref().is_none_or(|ids| ids.contain(&listed.id));
        let found = all.filter(|listed| wanted(listed) && words.matches(|| text(listed)));
        let mut found: Vec<_> = found.map(|l| (Place { name: l.name, id: l.id }, l.item)).collect();
        found.retain(|(place, _)| after.as_ref().is_none_or(|after| place > after));
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        let more = found.len() > self.limit.get();
        found.truncate(self.limit.get());
        let next = found.last().filter(|_| more).map(|(place, _)| place.cursor());
        Ok(DirectoryPart { items: found.into_iter().map(|(_, item)| item).collect(), next, synced_at })
    }
}
