//! Identity Center in a slow pace: it takes twenty calls a second from everybody together, and access
//! that begins or ends now goes first.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::TimeDelta;
use kari_domain::ids::{AccountId, OperationId, PermissionSetArn, Target, Tuple, UserId};
use kari_domain::time::Instant;

use crate::Kari;
use crate::ports::{Assignees, Assignments, CallError, Clock, Listed, OperationKind, OperationStatus};

/// Between two calls of a comparison: five a second.
pub(super) const COMPARING: TimeDelta = TimeDelta::milliseconds(200);
/// Between two calls of a sweep: ten a second.
pub(super) const SWEEPING: TimeDelta = TimeDelta::milliseconds(100);

/// The same, but its calls to Identity Center begin one after the other, at least this far apart, whatever
/// they answer and however many wait.
pub(super) fn paced(kari: &Kari, pace: TimeDelta) -> Kari {
    let (inner, clock) = (Arc::clone(&kari.assignments), Arc::clone(&kari.clock));
    let next = Mutex::new(clock.now());
    Kari { assignments: Arc::new(Paced { inner, clock, pace, next }), ..kari.clone() }
}

struct Paced {
    inner: Arc<dyn Assignments>,
    clock: Arc<dyn Clock>,
    pace: TimeDelta,
    /// When the next call may begin.
    next: Mutex<Instant>,
}

impl Paced {
    async fn turn(&self) {
        let now = self.clock.now();
        let turn = self.reserve(now);
        if turn > now {
            self.clock.sleep(turn - now).await;
        }
    }

    fn reserve(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = now.max(*next);
        *next = turn + self.pace;
        turn
    }
}

#[async_trait]
impl Assignments for Paced {
    async fn create(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        self.turn().await;
        self.inner.create(tuple).await
    }

    async fn delete(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        self.turn().await;
        self.inner.delete(tuple).await
    }

    async fn status(&self, kind: OperationKind, id: &OperationId) -> Result<OperationStatus, CallError> {
        self.turn().await;
        self.inner.status(kind, id).await
    }

    async fn creation_in_flight(&self, tuple: &Tuple) -> Result<Option<OperationId>, CallError> {
        self.turn().await;
        self.inner.creation_in_flight(tuple).await
    }

    async fn look(&self, kind: OperationKind, tuple: &Tuple) -> Result<Listed, CallError> {
        self.turn().await;
        self.inner.look(kind, tuple).await
    }

    async fn assignees(
        &self,
        account: &AccountId,
        permission_set: &PermissionSetArn,
    ) -> Result<Assignees, CallError> {
        self.turn().await;
        self.inner.assignees(account, permission_set).await
    }

    async fn assigned_to(&self, user: &UserId) -> Result<BTreeSet<Target>, CallError> {
        self.turn().await;
        self.inner.assigned_to(user).await
    }

    async fn provisioned(&self, account: &AccountId) -> Result<BTreeSet<PermissionSetArn>, CallError> {
        self.turn().await;
        self.inner.provisioned(account).await
    }
}
