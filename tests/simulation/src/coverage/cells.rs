//! Which cells the tables have, and why some of them stay empty.

use std::collections::BTreeSet;

use kari_domain::request::RequestState;
use strum::VariantArray;

use super::{Coverage, LedgerKind, RequestKind, Struck};
use crate::chaos::Mishap;
use crate::commands::DeedKind;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// What is recorded of a request, by the state before.
    Requests,
    /// What is recorded of an assignment, by the state before.
    Ledgers,
    /// What people do, by the state of the request it is about; for a submission that of the request for
    /// the same access.
    Deeds,
}

/// A row of a table: in this state this happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    pub table: Table,
    pub state: &'static str,
    pub what: &'static str,
}

/// Every row there is.
pub fn rows() -> Vec<Row> {
    let requests = RequestKind::VARIANTS.iter().flat_map(|kind| {
        kind.states().iter().map(|state| (Table::Requests, <&str>::from(*state), <&str>::from(*kind)))
    });
    let ledgers = LedgerKind::VARIANTS
        .iter()
        .flat_map(|kind| kind.states().iter().map(|state| (Table::Ledgers, *state, <&str>::from(*kind))));
    let deeds = DeedKind::VARIANTS.iter().flat_map(|kind| {
        deed_states(*kind).map(|state| (Table::Deeds, <&str>::from(state), <&str>::from(*kind)))
    });
    let all = requests.chain(ledgers).chain(deeds);
    all.map(|(table, state, what)| Row { table, state, what }).collect()
}

/// Whoever reviews, withdraws or revokes names a request that was made; what was not is not found.
fn deed_states(kind: DeedKind) -> impl Iterator<Item = RequestState> {
    let needs_request = match kind {
        DeedKind::Submit => false,
        DeedKind::Approve | DeedKind::Deny | DeedKind::Withdraw | DeedKind::Revoke => true,
    };
    let states = RequestState::VARIANTS.iter().copied();
    states.filter(move |state| !(needs_request && *state == RequestState::Absent))
}

/// The states of requests in which a mishap has to take from some what they need.
pub fn befalls(mishap: Mishap) -> &'static [RequestState] {
    use RequestState::{Activating, Active, Approved, Ending, Pending};
    match mishap {
        Mishap::DisableUser
        | Mishap::DeleteUser
        | Mishap::DeletePermissionSet
        | Mishap::SuspendAccount
        | Mishap::CloseAccount
        | Mishap::RemoveAccount
        | Mishap::LosePolicies => &[Pending, Approved, Activating, Active, Ending],
        Mishap::DeleteGroup => &[Pending],
        // Nothing is lost by these: what follows from them is recorded, and counted there.
        Mishap::AssignOutside
        | Mishap::RemoveOutside
        | Mishap::EnableUser
        | Mishap::ChangeMembership
        | Mishap::MoveAccount
        | Mishap::ReopenAccounts => &[],
    }
}

/// Why nothing leads to a cell.
pub fn excuse(row: Row, struck: Struck) -> Option<&'static str> {
    match (row.table, row.state, row.what, struck) {
        (Table::Requests, "absent" | "pending", _, Struck::IdentityCenter) => {
            Some("nothing is asked of Identity Center before a request is approved")
        }
        (Table::Requests, "absent", "requested", Struck::Directory) => {
            Some("nobody is taken in who asks while the directory does not answer")
        }
        (Table::Ledgers, "absent" | "creating" | "present", "trouble-noted", Struck::Calm) => {
            Some("a look or a creation has met trouble where a call has failed, and that is no calm")
        }
        (Table::Ledgers, "absent", "absence-proven", Struck::Calm) => {
            Some("it is proven where a second look has failed, and that is no calm")
        }
        _ => None,
    }
}

/// One in two thousand who wait in a storm dies there, or more: where fewer wait, that need not be met.
const WAITED_OFTEN: u64 = 20_000;

/// Where nobody ever died: a side of a port, or a place where some work waits often.
fn spared(coverage: &Coverage) -> Vec<String> {
    let sides: BTreeSet<_> = coverage.waited.keys().map(|place| (place.port, place.side)).collect();
    let died: BTreeSet<_> = coverage.died.keys().map(|place| (place.port, place.side)).collect();
    let sides = sides.difference(&died).map(|side| format!("nobody ever died: {side:?}"));
    let often = coverage.waited.iter().filter(|(_, waits)| **waits > WAITED_OFTEN);
    let places = often.filter(|(place, _)| !coverage.died.contains_key(place));
    sides.chain(places.map(|(place, _)| format!("nobody ever died: {place:?}"))).collect()
}

/// What should have occurred and did not, and what occurred and should not have.
pub fn gaps(coverage: &Coverage) -> Vec<String> {
    let rows = rows();
    let cells = rows.iter().flat_map(|row| Struck::VARIANTS.iter().map(move |struck| (*row, *struck)));
    let gaps = cells.filter_map(|(row, struck)| match (coverage.cell(row, struck), excuse(row, struck)) {
        (0, None) => Some(format!("never: {row:?} × {struck:?}")),
        (1.., Some(reason)) => Some(format!("all the same: {row:?} × {struck:?}, although {reason}")),
        (0, Some(_)) | (1.., None) => None,
    });
    let met = coverage.met_rows();
    let unknown = met.iter().filter(|row| !rows.contains(row)).map(|row| format!("in no table: {row:?}"));
    gaps.chain(unknown).chain(spared(coverage)).collect()
}
