//! One limiter for all functions together: a queue of calls and the operations under way, in one row
//! of the table.
//!
//! Why a row and not one function that alone may call: removals must not wait behind a queue of
//! anything else, and whoever waits knows at once how long. Each call reserves the next place in time;
//! who would have to wait longer than its lane's patience is told that it is throttled and comes back
//! later. Removals are the most patient, so under load they are the ones that get through.
//!
//! In it stands whatever works through many: what changes assignments and watches that, what compares and searches,
//! and what copies all permission sets. What is read live of a single permission set, as `api` and `slack` do while
//! somebody waits, does not: these are rare, single calls, for which a second has room besides its places, and nobody
//! whom anybody may call has a right to the row.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use chrono::TimeDelta;
use kari_application::ports::{CallError, Clock};
use kari_domain::ids::Tuple;

use crate::store::keys::limiter;
use crate::store::row::{self, Row};

/// What a call is for. The later ones give way to the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Endings,
    Activations,
    Background,
}

/// How fast, and how many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many places a second has. AWS allows 20, and other tools have to live: at most 15 may arrive. Some are
    /// late on their way and come together with those behind them, so there are fewer places than that.
    pub calls_per_second: u32,
    /// Operations under way at which activations hold off, of the 15 that AWS allows.
    pub activations_hold_off_at: usize,
    /// Operations under way at which removals hold off.
    pub endings_hold_off_at: usize,
}

impl Default for Rate {
    fn default() -> Self {
        Self { calls_per_second: 10, activations_hold_off_at: 10, endings_hold_off_at: 15 }
    }
}

/// From when on an operation that nobody has seen the end of counts no longer.
pub(super) const FORGOTTEN_AFTER: TimeDelta = TimeDelta::minutes(10);
/// How often one reservation is tried while others reserve too.
const MOST_TRIES: usize = 20;
/// By how many milliseconds a call may miss its place. Who is later would come together with those behind it,
/// and reserves another one.
const LATE: i64 = 200;
/// How often. NB. Whoever is slow always must get through all the same: it may be a removal.
const MOST_LATE: usize = 2;

/// By how many milliseconds the next place can be ahead at most: nobody joins a queue that is longer than the
/// longest patience, and some clocks are a little fast. Beyond that it was somebody's wrong clock that reserved it.
const FARTHEST: i64 = 6_000;

/// What keeps calls to Identity Center as few as it takes.
#[async_trait]
pub trait Limit: Send + Sync + std::fmt::Debug {
    /// Waits for this call's turn.
    ///
    /// # Errors
    /// [`CallError::Throttled`] if that takes longer than the lane's patience.
    async fn pass(&self, lane: Lane) -> Result<(), CallError>;

    /// Waits for the turn of a call that begins an operation, and counts the operation.
    ///
    /// # Errors
    /// [`CallError::Throttled`] if that takes too long, or too many operations are under way.
    async fn begin(&self, lane: Lane, tuple: &Tuple) -> Result<(), CallError>;

    /// The operation is over. If this is lost it is forgotten some minutes later.
    async fn end(&self, tuple: &Tuple);
}

impl Rate {
    /// Milliseconds between two calls, rounded up: never faster.
    pub(super) fn step(self) -> i64 {
        i64::from(1_000_u32.div_ceil(self.calls_per_second.max(1)))
    }

    /// How many operations may be under way when one more of this lane begins.
    pub(super) fn most(self, lane: Lane) -> usize {
        match lane {
            Lane::Endings => self.endings_hold_off_at,
            Lane::Activations | Lane::Background => self.activations_hold_off_at,
        }
    }
}

/// The queue that all functions share.
pub struct Limiter {
    client: Client,
    table: Arc<str>,
    clock: Arc<dyn Clock>,
    rate: Rate,
    /// The place after the last one that was reserved here, in milliseconds since the epoch: others may have
    /// taken it meanwhile.
    next_at: AtomicI64,
}

impl std::fmt::Debug for Limiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Limiter").field("rate", &self.rate).finish_non_exhaustive()
    }
}

/// What became of one try to reserve a place.
enum Tried {
    /// The place, in milliseconds since the epoch.
    Reserved(i64),
    /// The condition was not met by the row as it is.
    NotMet(Option<Row>),
}

#[async_trait]
impl Limit for Limiter {
    async fn pass(&self, lane: Lane) -> Result<(), CallError> {
        self.reserve(lane, None).await
    }

    async fn begin(&self, lane: Lane, tuple: &Tuple) -> Result<(), CallError> {
        self.reserve(lane, Some(&of_tuple(tuple))).await
    }

    async fn end(&self, tuple: &Tuple) {
        let key = of_tuple(tuple);
        let update = self.update().update_expression("REMOVE in_flight.#key");
        let update = update.expression_attribute_names("#key", key);
        let update = update.condition_expression("attribute_exists(in_flight.#key)");
        if let Err(error) = update.send().await
            && !is_unmet(&error)
        {
            tracing::warn!(%error, "an operation that is over still counts for some minutes");
        }
    }
}

impl Limiter {
    pub fn new(client: Client, table: impl Into<Arc<str>>, clock: Arc<dyn Clock>, rate: Rate) -> Self {
        Self { client, table: table.into(), clock, rate, next_at: AtomicI64::new(0) }
    }

    async fn reserve(&self, lane: Lane, operation: Option<&str>) -> Result<(), CallError> {
        let mut place = self.place(lane, operation).await?;
        for _ in 0..MOST_LATE {
            if !self.comes_too_late(place).await {
                return Ok(());
            }
            // NB. The operation counts already: without another place it goes as late as it is.
            let Ok(another) = self.place(lane, operation).await else { return Ok(()) };
            place = another;
        }
        self.wait_until(place).await;
        Ok(())
    }

    /// Waits for its place. Whether it was missed.
    async fn comes_too_late(&self, place: i64) -> bool {
        self.wait_until(place).await;
        self.clock.now().timestamp_millis() > place + LATE
    }

    /// The next place.
    async fn place(&self, lane: Lane, operation: Option<&str>) -> Result<i64, CallError> {
        for _ in 0..MOST_TRIES {
            if let Some(place) = self.try_place(lane, operation).await? {
                self.next_at.store(place + self.rate.step(), Ordering::Relaxed);
                return Ok(place);
            }
        }
        Err(CallError::Throttled)
    }

    /// The next place; none if others were faster.
    async fn try_place(&self, lane: Lane, operation: Option<&str>) -> Result<Option<i64>, CallError> {
        let now = self.clock.now().timestamp_millis();
        // Whoever has just called has to wait: that is asked first, which saves a call.
        if self.next_at.load(Ordering::Relaxed) > now
            && let Tried::Reserved(place) = self.try_queue(lane, operation, now).await?
        {
            return Ok(Some(place));
        }
        let row = match self.try_idle(lane, operation, now).await? {
            Tried::Reserved(place) => return Ok(Some(place)),
            Tried::NotMet(row) => row,
        };
        self.make_room(lane, operation, row.as_ref(), now).await?;
        match self.try_queue(lane, operation, now).await? {
            Tried::Reserved(place) => Ok(Some(place)),
            Tried::NotMet(row) if is_too_long(lane, row.as_ref(), now) => Err(CallError::Throttled),
            Tried::NotMet(_) => Ok(None),
        }
    }

    /// NB. By the clock of now: reserving took its time, and who adds that comes late, among those behind.
    async fn wait_until(&self, place: i64) {
        let left = place - self.clock.now().timestamp_millis();
        if left > 0 {
            self.clock.sleep(TimeDelta::milliseconds(left)).await;
        }
    }

    /// Nobody waits: at once. NB. A place that nobody can have waited for does not count, or one wrong clock would
    /// keep everybody, removals too, from Identity Center until its time has come.
    async fn try_idle(&self, lane: Lane, operation: Option<&str>, now: i64) -> Result<Tried, CallError> {
        let idle = "(next_at <= :now OR next_at > :farthest)";
        let update = self
            .with_operation(lane, operation, now, "next_at = :then", idle)
            .expression_attribute_values(":then", row::number(now + self.rate.step()))
            .expression_attribute_values(":farthest", row::number(now + FARTHEST))
            .expression_attribute_values(":now", row::number(now));
        let tried = self.send(update, now).await?;
        let Tried::Reserved(before) = tried else { return Ok(tried) };
        if before > now {
            tracing::warn!(ahead_ms = before - now, "a clock is wrong: a call was to wait for its time");
        }
        Ok(Tried::Reserved(now))
    }

    /// Others wait: behind them, unless that takes too long.
    async fn try_queue(&self, lane: Lane, operation: Option<&str>, now: i64) -> Result<Tried, CallError> {
        let condition = "next_at > :now AND next_at <= :latest";
        let update = self
            .with_operation(lane, operation, now, "next_at = next_at + :step", condition)
            .expression_attribute_values(":step", row::number(self.rate.step()))
            .expression_attribute_values(":latest", row::number(now + patience(lane)))
            .expression_attribute_values(":now", row::number(now));
        self.send(update, now).await
    }

    fn with_operation(
        &self,
        lane: Lane,
        operation: Option<&str>,
        now: i64,
        set: &str,
        condition: &str,
    ) -> UpdateItemFluentBuilder {
        let update = self.update().return_values(ReturnValue::UpdatedOld);
        let Some(key) = operation else {
            return update.update_expression(format!("SET {set}")).condition_expression(condition);
        };
        let room = "(size(in_flight) < :most OR attribute_exists(in_flight.#key))";
        // NB. One that is tried again counts from its first time, or it would never be forgotten.
        update
            .update_expression(format!("SET {set}, in_flight.#key = if_not_exists(in_flight.#key, :since)"))
            .condition_expression(format!("{condition} AND {room}"))
            .expression_attribute_names("#key", key)
            .expression_attribute_values(":since", row::number(now))
            .expression_attribute_values(":most", row::number(self.rate.most(lane)))
    }

    fn update(&self) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(row::key(limiter())))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }

    async fn send(&self, update: UpdateItemFluentBuilder, now: i64) -> Result<Tried, CallError> {
        match update.send().await {
            Ok(answer) => {
                let before = answer.attributes.as_ref().and_then(|row| row::get_number(row, "next_at"));
                Ok(Tried::Reserved(before.unwrap_or(now).max(now)))
            }
            Err(error) if is_unmet(&error) => {
                let unmet = error.into_service_error();
                Ok(Tried::NotMet(match unmet {
                    UpdateItemError::ConditionalCheckFailedException(unmet) => unmet.item,
                    _ => None,
                }))
            }
            Err(error) => {
                // Nothing was asked of Identity Center: the same as being told to come later.
                tracing::warn!(%error, "no place in the queue could be reserved");
                Err(CallError::Throttled)
            }
        }
    }

    /// Makes the row where there is none, and forgets operations that nobody has seen the end of.
    async fn make_room(
        &self,
        lane: Lane,
        operation: Option<&str>,
        row: Option<&Row>,
        now: i64,
    ) -> Result<(), CallError> {
        let Some(row) = row else { return self.make_row(now).await };
        let Some(operation) = operation else { return Ok(()) };
        let under_way = row.get("in_flight").and_then(|map| map.as_m().ok());
        let Some(under_way) = under_way else { return Ok(()) };
        if under_way.len() < self.rate.most(lane) || under_way.contains_key(operation) {
            return Ok(());
        }
        let before = now - FORGOTTEN_AFTER.num_milliseconds();
        let since = |key: &str| row::get_number::<i64>(under_way, key);
        let forgotten: Vec<_> = under_way
            .keys()
            .filter(|key| since(key).is_none_or(|at| at < before || at > now + FARTHEST))
            .collect();
        if forgotten.is_empty() {
            return Err(CallError::Throttled);
        }
        for key in forgotten {
            let update = self.update().update_expression("REMOVE in_flight.#key");
            let update = update.expression_attribute_names("#key", key);
            if let Err(error) = update.send().await {
                tracing::warn!(%error, "an operation could not be forgotten");
            }
        }
        Ok(())
    }

    async fn make_row(&self, now: i64) -> Result<(), CallError> {
        let update = self
            .update()
            .update_expression("SET next_at = :now, in_flight = :none")
            .condition_expression("attribute_not_exists(pk)")
            .expression_attribute_values(":now", row::number(now))
            .expression_attribute_values(":none", aws_sdk_dynamodb::types::AttributeValue::M(Row::new()));
        self.send(update, now).await.map(|_| ())
    }
}

/// How long a call waits for its turn, in milliseconds.
pub(super) fn patience(lane: Lane) -> i64 {
    match lane {
        Lane::Endings => 4_000,
        Lane::Activations => 1_500,
        Lane::Background => 300,
    }
}

fn is_too_long(lane: Lane, row: Option<&Row>, now: i64) -> bool {
    let next_at = row.and_then(|row| row::get_number::<i64>(row, "next_at"));
    next_at.is_some_and(|next_at| next_at > now + patience(lane))
}

fn is_unmet(error: &SdkError<UpdateItemError>) -> bool {
    error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception)
}

pub(super) fn of_tuple(Tuple { principal, target }: &Tuple) -> String {
    format!("{principal} {} {}", target.account, target.permission_set)
}
