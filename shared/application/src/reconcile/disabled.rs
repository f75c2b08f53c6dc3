//! The grants of people who were disabled or deleted.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kari_domain::directory::User;
use kari_domain::request::RequestState;

use super::{PAGE, Report, take_out};
use crate::advance::{advance_with, end_for_disabled_requester};
use crate::ports::{PageRequest, RequestFilter, RequestKeys, RequestScope};
use crate::read_model_age::tells_rights;
use crate::settle::{Intent, Patience, settle};
use crate::{Error, Kari};

/// For how long everybody is asked for, where the read model is too old to tell.
const ASKING: TimeDelta = TimeDelta::seconds(20);

/// Ends the grants of requesters who were disabled or deleted. The read model raises the suspicion, and one that is too
/// old to tell suspects everybody; only the directory itself, asked live, ends a grant. NB. Where everybody is asked
/// for, the directory may be what is in trouble: that ends with its first failure, and in time for what comes after.
///
/// # Errors
/// If the store or the read model cannot be read.
pub async fn end_grants_of_disabled_users(kari: &Kari) -> Result<Report, Error> {
    let snapshot = kari.read_model.load().await?;
    let begun_at = kari.clock.now();
    let tells = tells_rights(&snapshot, begun_at);
    let mut report = Report::default();
    let mut known = BTreeSet::new();
    for request in grants(kari, &[RequestState::Activating, RequestState::Active]).await? {
        let enabled = |user: &User| user.enabled;
        if tells && snapshot.users.get(&request.requester).is_some_and(enabled)
            || known.contains(&request.requester)
        {
            continue;
        }
        if !tells && (report.failed > 0 || kari.clock.now() >= begun_at + ASKING) {
            report.left += 1;
            continue;
        }
        match kari.directory.user(&request.requester).await {
            Ok(user) if user.as_ref().is_some_and(enabled) => {
                known.insert(request.requester);
            }
            Ok(_) => {
                let ended = end_grant(kari, &request).await;
                report.ended += report.count("a grant of somebody disabled", ended);
            }
            Err(error) => report.fail("somebody who may be disabled", &error),
        }
    }
    Ok(report)
}

/// Whether the end was recorded now.
async fn end_grant(kari: &Kari, request: &RequestKeys) -> Result<bool, Error> {
    match end_for_disabled_requester(kari, request.id).await {
        Ok(ended) => advance_with(kari, request.id, Patience::None).await.map(|_| ended),
        Err(Error::Corrupt(_)) => {
            let tuple = request.tuple();
            let ended = take_out(kari, &tuple, request.id).await?;
            settle(kari, &tuple, Patience::None, Intent::Read).await.map(|_| ended)
        }
        Err(error) => Err(error),
    }
}

/// All requests in these states, as lists know them.
pub(super) async fn grants(kari: &Kari, states: &[RequestState]) -> Result<Vec<RequestKeys>, Error> {
    let filter = RequestFilter { states: states.to_vec(), ..RequestFilter::default() };
    let mut page = PageRequest { limit: PAGE, after: None };
    let mut grants = vec![];
    loop {
        let found = kari.store.requests(&RequestScope::All, &filter, &page).await?;
        grants.extend(found.items.into_iter().filter_map(|item| item.request));
        match found.next {
            Some(after) => page.after = Some(after),
            None => return Ok(grants),
        }
    }
}
