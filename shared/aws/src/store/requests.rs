//! Lists of access requests, the newest submission first.

use std::collections::BTreeSet;

use kari_application::ports::{Item, ListError, Page, PageRequest, RequestFilter, RequestScope};
use kari_domain::ids::UserId;

use super::keys::Phase;
use super::scan::{Filter, Scan, page};
use super::{DynamoStore, keys, row};

pub(super) async fn requests(
    store: &DynamoStore,
    scope: &RequestScope,
    filter: &RequestFilter,
    request: &PageRequest,
) -> Result<Page<Item>, ListError> {
    let Some(narrowed) = Narrowed::new(scope, filter) else {
        return Ok(Page { items: vec![], next: None });
    };
    let found = page(store, "requests", narrowed.scans(), request).await?;
    Ok(Page { items: found.items.iter().filter_map(row::readable_item).collect(), next: found.next })
}

/// What is asked for, with scope and filter taken together.
struct Narrowed<'a> {
    requester: Option<&'a UserId>,
    filter: &'a RequestFilter,
}

impl<'a> Narrowed<'a> {
    /// `None` where nothing can fit.
    fn new(scope: &'a RequestScope, filter: &'a RequestFilter) -> Option<Self> {
        match (scope, &filter.requester) {
            (RequestScope::Of(one), Some(other)) if one != other => None,
            (RequestScope::Of(one), _) => Some(Self { requester: Some(one), filter }),
            (RequestScope::All, requester) => Some(Self { requester: requester.as_ref(), filter }),
        }
    }

    /// The narrowest partitions that hold all of it: three at the most.
    fn scans(&self) -> Vec<Scan> {
        if let Some(requester) = self.requester {
            return vec![scan(keys::WHO, keys::requester(requester), self.rest(None))];
        }
        if let Some(account) = &self.filter.account {
            return vec![scan(keys::WHERE, keys::account(account), self.rest(None))];
        }
        let phases: BTreeSet<_> = self.filter.states.iter().map(|state| keys::phase(*state)).collect();
        if phases.is_empty() {
            return vec![scan(keys::ALL, keys::EVERY_REQUEST.to_owned(), self.rest(None))];
        }
        let of = |phase: Phase| scan(keys::WHAT, phase.partition.to_owned(), self.rest(Some(phase)));
        phases.into_iter().map(of).collect()
    }

    /// What the partition alone, that of a phase if it is one, does not say. Every condition costs reading what does
    /// not meet it.
    fn rest(&self, phase: Option<Phase>) -> Filter {
        let mut rest = Filter::default();
        if let (Some(_), Some(account)) = (self.requester, &self.filter.account) {
            rest.is("account", account.as_str());
        }
        if let Some(permission_set) = &self.filter.permission_set {
            rest.is("permission_set", permission_set.as_str());
        }
        let states = &self.filter.states;
        let is_said = phase.is_some_and(|phase| phase.states.iter().all(|state| states.contains(state)));
        if !states.is_empty() && !is_said {
            rest.is_any_of("state", states.iter().map(|state| <&str>::from(*state).to_owned()));
        }
        rest
    }
}

fn scan(index: keys::Index, partition: String, filter: Filter) -> Scan {
    Scan { index, partition, from: "0".to_owned(), to: "~".to_owned(), filter }
}
