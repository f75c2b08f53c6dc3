//! The sweep over everything that is due.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use futures::{StreamExt, stream};
use kari_domain::audit::StreamId;
use kari_domain::ledger::{Absence, Ledger, Presence};
use kari_domain::mutants::{Mutant, on};
use kari_domain::request::{AccessRequest, RequestState, Why};
use kari_domain::time::Instant;

use super::paced::{SWEEPING, paced};
use super::{PAGE, Report, drive_with, in_turn};
use crate::advance::Advanced;
use crate::ports::{Item, ItemKey};
use crate::settle::Patience;
use crate::{Error, Kari};

/// How much is driven at the same time.
const AT_ONCE: usize = 8;

/// Before this, a removal is not looked at again.
const SOONEST: TimeDelta = TimeDelta::seconds(1);

/// What is due. Of much that is due about one assignment, what stands first here counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Access may have to end.
    Ends,
    /// It should have ended so long ago that people were alarmed: what keeps it may do so for ever.
    EndsLongOverdue,
    Other,
}

/// Everything that is due about one assignment. It is driven in turn: two at once would only get in each
/// other's way.
#[derive(Debug)]
struct Lane {
    keys: Vec<ItemKey>,
    rank: Rank,
}

/// What became of a lane.
#[derive(Debug, Default)]
struct DrivenLane {
    report: Report,
    removals: Vec<Removal>,
}

/// What is being removed.
#[derive(Debug)]
struct Removal {
    key: ItemKey,
    rank: Rank,
    /// When to look again.
    again_at: Instant,
}

/// Where an item belongs.
struct Belonging {
    key: ItemKey,
    /// The key of the ledger it is about.
    lane: ItemKey,
    rank: Rank,
}

/// Drives on everything that is due, and what follows from it, in a pace that leaves others room: first what
/// may have to end, the longest overdue first; then what should have ended so long ago that people were alarmed;
/// last all else. What was alarmed of may be refused for ever, and take the time of everything newer: half of the
/// time that the first leave is kept for the last, and it is not always the same that it begins with, so nothing
/// waits for ever. No operation is waited for before everything was driven once; then what is being removed is
/// driven on until it is gone. What has not begun in its time is left to the next sweep.
///
/// # Errors
/// Only if the store cannot say what is due.
pub async fn sweep(kari: &Kari, deadline: Instant) -> Result<Report, Error> {
    let kari = &paced(kari, SWEEPING);
    let (ending, rest): (Vec<_>, Vec<_>) =
        lanes(kari).await?.into_iter().partition(|lane| lane.rank == Rank::Ends);
    let (long_overdue, other): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|lane| lane.rank == Rank::EndsLongOverdue);
    let share_of_overdue = if other.is_empty() { 1 } else { 2 };
    let mut report = Report::default();
    let mut removals = vec![];
    for (lanes, share) in [(ending, 1), (in_turn(kari, long_overdue), share_of_overdue), (other, 1)] {
        let now = kari.clock.now();
        let until = now + (deadline - now) / share;
        removals.append(&mut drive_all(kari, lanes, until, &mut report).await);
        if report.failed > 0 && on(Mutant::StopsAtFirstError) {
            return Ok(report);
        }
    }
    for key in see_gone(kari, removals, deadline, &mut report).await {
        restart(kari, &key).await;
    }
    if report.left > 0 {
        tracing::warn!(report.left, "the time for this sweep is over; the next one goes on");
    }
    Ok(report)
}

/// Drives removals on, each when it wants to be, and gives those that the deadline found unfinished.
async fn see_gone(
    kari: &Kari,
    mut removals: Vec<Removal>,
    deadline: Instant,
    report: &mut Report,
) -> Vec<ItemKey> {
    let mut unfinished = vec![];
    loop {
        let (soon, late): (Vec<_>, Vec<_>) =
            removals.into_iter().partition(|removal| removal.again_at < deadline);
        unfinished.extend(late.into_iter().map(|removal| removal.key));
        let Some(next) = soon.iter().map(|removal| removal.again_at).min() else { return unfinished };
        let pause = next - kari.clock.now();
        if pause > TimeDelta::zero() {
            kari.clock.sleep(pause).await;
        }
        let now = kari.clock.now();
        let (mut due, later): (Vec<_>, Vec<_>) =
            soon.into_iter().partition(|removal| removal.again_at <= now);
        // NB. Of what was alarmed of a few at once: refused again and again, it would take the time of those that end.
        due.sort_by_key(|removal| removal.rank);
        let fresh = due.iter().filter(|removal| removal.rank == Rank::Ends).count();
        let put_off = due.split_off(due.len().min(fresh + AT_ONCE));
        let mut lanes = in_lanes(kari, due.into_iter().map(|removal| removal.key).collect()).await;
        lanes.retain(|lane| lane.rank != Rank::Other);
        removals = later;
        removals.extend(put_off);
        removals.append(&mut drive_all(kari, lanes, deadline, report).await);
    }
}

async fn drive_all(kari: &Kari, lanes: Vec<Lane>, deadline: Instant, report: &mut Report) -> Vec<Removal> {
    let drives = stream::iter(lanes).map(|lane| drive_lane(kari, lane, deadline));
    let mut drives = drives.buffer_unordered(AT_ONCE);
    let mut removals = vec![];
    while let Some(mut driven) = drives.next().await {
        report.add(&driven.report);
        removals.append(&mut driven.removals);
        if driven.report.failed > 0 && on(Mutant::StopsAtFirstError) {
            break;
        }
    }
    removals
}

async fn drive_lane(kari: &Kari, lane: Lane, deadline: Instant) -> DrivenLane {
    let mut driven = DrivenLane::default();
    for key in lane.keys {
        let is_request = StreamId::from_stored(key.0.clone()).as_request().is_some();
        // A request that waits for the removal has just driven it as far as it goes.
        if !is_request && !driven.removals.is_empty() {
            continue;
        }
        if kari.clock.now() >= deadline {
            driven.report.left += 1;
            continue;
        }
        match drive_with(kari, &key, Patience::None).await {
            Ok(advanced) => {
                driven.report.driven += 1;
                match advanced {
                    Advanced::Done | Advanced::At(_, Why::AwaitReview) => {}
                    Advanced::At(at, Why::AwaitRemoval) => {
                        let again_at = at.max(kari.clock.now() + SOONEST);
                        driven.removals.push(Removal { key, rank: lane.rank, again_at });
                    }
                    Advanced::At(_, Why::WaitForStart | Why::AwaitActivation | Why::HoldUntilExpiry) => {
                        restart(kari, &key).await;
                    }
                }
            }
            Err(error) => {
                driven.report.failed += 1;
                tracing::warn!(item = %key.0, %error, "driving failed; it stays due");
            }
        }
    }
    driven
}

/// A request that has to be driven again later gets an execution: the one it had may be lost, or it
/// would not have been overdue.
async fn restart(kari: &Kari, key: &ItemKey) {
    let Some(request) = StreamId::from_stored(key.0.clone()).as_request() else { return };
    if let Err(error) = kari.workflow.start(request).await {
        tracing::warn!(request.id = %request, %error, "it was not started again; the next sweep will");
    }
}

/// What is due, by assignment, the longest overdue first.
async fn lanes(kari: &Kari) -> Result<Vec<Lane>, Error> {
    Ok(in_lanes(kari, everything_due(kari).await?).await)
}

/// Items by assignment, in the order in which they are given.
async fn in_lanes(kari: &Kari, keys: Vec<ItemKey>) -> Vec<Lane> {
    let mut belongings = stream::iter(keys).map(|key| belonging(kari, key)).buffered(AT_ONCE);
    let mut places = BTreeMap::new();
    let mut lanes: Vec<Lane> = vec![];
    while let Some(Belonging { key, lane, rank }) = belongings.next().await {
        let place = *places.entry(lane).or_insert(lanes.len());
        if place == lanes.len() {
            lanes.push(Lane { keys: vec![], rank });
        }
        if let Some(lane) = lanes.get_mut(place) {
            lane.keys.push(key);
            lane.rank = lane.rank.min(rank);
        }
    }
    lanes
}

async fn everything_due(kari: &Kari) -> Result<Vec<ItemKey>, Error> {
    let until = kari.clock.now();
    let mut keys = vec![];
    let mut last = None;
    loop {
        let due = kari.store.due(until, last.as_ref(), PAGE).await?;
        last = due.last().cloned();
        keys.extend(due.into_iter().map(|due| due.key));
        if last.is_none() {
            return Ok(keys);
        }
    }
}

/// What cannot be read comes first: it may have to end.
async fn belonging(kari: &Kari, key: ItemKey) -> Belonging {
    let now = kari.clock.now();
    match kari.store.item(&key).await {
        Ok(Some(Item { request: Some(request), body, .. })) => {
            let lane = ItemKey::from(&StreamId::ledger(&request.tuple()));
            Belonging { key, lane, rank: rank_of_request(request.state, &body, now) }
        }
        Ok(Some(Item { request: None, body, .. })) => {
            Belonging { lane: key.clone(), key, rank: rank_of_ledger(&body, now) }
        }
        Ok(None) | Err(_) => Belonging { lane: key.clone(), key, rank: Rank::Ends },
    }
}

fn rank_of_request(state: RequestState, body: &str, now: Instant) -> Rank {
    match state {
        RequestState::Active => Rank::Ends,
        RequestState::Ending => match serde_json::from_str(body) {
            Ok(AccessRequest::Ending(state)) if state.overdue => Rank::EndsLongOverdue,
            Ok(_) | Err(_) => Rank::Ends,
        },
        // It may have appeared all the same.
        RequestState::Activating => match serde_json::from_str(body) {
            Ok(AccessRequest::Activating(state))
                if state.revocation.is_none() && now < state.grant.window.expires_at =>
            {
                Rank::Other
            }
            Ok(_) | Err(_) => Rank::Ends,
        },
        RequestState::Absent | RequestState::Pending | RequestState::Approved | RequestState::Closed => {
            Rank::Other
        }
    }
}

/// An assignment may be there for too long, or is to be seen gone once more.
fn rank_of_ledger(body: &str, now: Instant) -> Rank {
    let Ok(ledger) = serde_json::from_str::<Ledger>(body) else { return Rank::Ends };
    match ledger.presence {
        // Nobody holds it: there is nothing newer about it that has to end.
        Presence::Removing { .. } if ledger.overdue_since.is_some() => Rank::EndsLongOverdue,
        Presence::Creating { .. } if ledger.holders.values().any(|ends_at| *ends_at <= now) => Rank::Ends,
        Presence::Present { .. }
        | Presence::Removing { .. }
        | Presence::Absent { absence: Absence::Observed { .. } } => Rank::Ends,
        Presence::Creating { .. }
        | Presence::Absent { absence: Absence::Confirmed { .. } | Absence::Unwatched } => Rank::Other,
    }
}
