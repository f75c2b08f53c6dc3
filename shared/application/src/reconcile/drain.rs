//! Draining: nothing begins any more, everything that was given out goes, and it is known when it is gone.

use kari_domain::audit::StreamId;
use kari_domain::ids::Tuple;
use kari_domain::ledger::{Absence, Ledger, Ownership, Presence};
use kari_domain::request::RequestState;
use kari_domain::settings::Settings;

use super::disabled::grants;
use super::{PAGE, Report, take_out};
use crate::advance::end_for_drain;
use crate::edit_policies::{Editor, change_settings, policies_to_edit};
use crate::ports::{PageRequest, RequestKeys};
use crate::transaction::ATTEMPTS;
use crate::{Error, Kari};

/// Every ledger has a key that begins with this.
const LEDGERS: &str = "assignment/";

/// What is still to go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Left {
    /// Requests from approved to ending.
    pub requests: Vec<RequestKeys>,
    /// Assignments that are there, or may be.
    pub assignments: Vec<Tuple>,
    /// How many ledgers cannot be read, so that nobody knows.
    pub unreadable: usize,
}

impl Left {
    /// Whether nothing is left.
    pub fn is_nothing(&self) -> bool {
        let Self { requests, assignments, unreadable } = self;
        requests.is_empty() && assignments.is_empty() && *unreadable == 0
    }
}

/// Has requests accepted, or nothing begin from now on. What was evaluated before that is appended no more,
/// because every activation names the version of the policy set that it rests on.
///
/// # Errors
/// As [`change_settings`].
pub async fn accept_requests(kari: &Kari, editor: &Editor, requests_accepted: bool) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        let policies = policies_to_edit(kari).await?;
        let set = policies.policy_set();
        let settings = Settings { requests_accepted, ..set.settings.clone() };
        match change_settings(kari, editor, settings, set.settings_version).await {
            Err(Error::StaleVersion { .. }) => {}
            done => return done.map(|_| ()),
        }
    }
    Err(Error::Busy)
}

/// Ends every grant, also those that have not begun. Requests that wait for a review stay: they cannot be
/// approved, and lapse by themselves.
///
/// # Errors
/// If the store cannot be read.
pub async fn end_all_grants(kari: &Kari) -> Result<Report, Error> {
    let states = [RequestState::Approved, RequestState::Activating, RequestState::Active];
    let mut report = Report::default();
    for request in grants(kari, &states).await? {
        report.ended += report.count("a grant", end(kari, &request).await);
    }
    Ok(report)
}

/// Whether the end was recorded now.
async fn end(kari: &Kari, request: &RequestKeys) -> Result<bool, Error> {
    let ended = match end_for_drain(kari, request.id).await {
        Err(Error::Corrupt(_)) => take_out(kari, &request.tuple(), request.id).await?,
        ended => ended?,
    };
    if let Err(error) = kari.workflow.start_end(request.id).await {
        tracing::info!(request.id = %request.id, %error, "the end is driven by the reconciler");
    }
    Ok(ended)
}

/// What is still to go, as far as lists show it.
///
/// # Errors
/// If the store cannot be read.
pub async fn what_is_left(kari: &Kari) -> Result<Left, Error> {
    let states =
        [RequestState::Approved, RequestState::Activating, RequestState::Active, RequestState::Ending];
    let mut left = Left { requests: grants(kari, &states).await?, ..Left::default() };
    let mut page = PageRequest { limit: PAGE, after: None };
    loop {
        let found = kari.store.items(LEDGERS, &page).await?;
        for item in &found.items {
            let tuple = StreamId::from_stored(item.key.0.clone()).as_tuple();
            match (tuple, serde_json::from_str::<Ledger>(&item.body)) {
                (Some(tuple), Ok(ledger)) if may_be_there(&ledger) => left.assignments.push(tuple),
                (Some(_), Ok(_)) => {}
                (None, _) | (_, Err(_)) => left.unreadable += 1,
            }
        }
        match found.next {
            Some(after) => page.after = Some(after),
            None => return Ok(left),
        }
    }
}

/// Whether an assignment of ours may be there. Seen gone once is not gone.
fn may_be_there(ledger: &Ledger) -> bool {
    match &ledger.presence {
        Presence::Present { ownership: Ownership::PreExisting, .. } => !ledger.holders.is_empty(),
        Presence::Creating { .. }
        | Presence::Removing { .. }
        | Presence::Present { ownership: Ownership::Owned, .. }
        | Presence::Absent { absence: Absence::Observed { .. } } => true,
        Presence::Absent { absence: Absence::Unwatched | Absence::Confirmed { .. } } => false,
    }
}
