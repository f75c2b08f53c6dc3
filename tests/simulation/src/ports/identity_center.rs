//! Identity Center. What goes wrong is its own plan; here calls are interleaved and held up, so that a
//! stale creation or deletion arrives minutes after it was decided.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use kari_application::ports::{Assignees, Assignments, CallError, Listed, OperationKind, OperationStatus};
use kari_domain::audit::StreamId;
use kari_domain::ids::{AccountId, OperationId, PermissionSetArn, Target, Tuple, UserId};
use kari_embedded::identity_center::SimulatedIdentityCenter;

use super::gate::{Gate, Port};
use crate::mutant::Misfit;

/// Identity Center behind the gate.
#[derive(Debug)]
pub struct GatedAssignments {
    inner: Arc<SimulatedIdentityCenter>,
    gate: Arc<Gate>,
}

impl GatedAssignments {
    /// Identity Center behind the gate.
    pub fn new(inner: Arc<SimulatedIdentityCenter>, gate: Arc<Gate>) -> Self {
        Self { inner, gate }
    }

    async fn pass<T: Send>(
        &self,
        about: &[StreamId],
        call: impl Future<Output = Result<T, CallError>> + Send,
    ) -> Result<T, CallError> {
        self.gate.before(Port::Assignments).await;
        let answer = call.await;
        if let Err(error) = &answer {
            self.gate.watch().fault(Port::Assignments, error.code().as_str(), about);
        }
        self.gate.after(Port::Assignments).await;
        answer
    }

    /// An operation is known by its id from now on.
    fn goes_on(&self, tuple: &Tuple, operation: Option<&OperationId>) {
        if let Some(id) = operation {
            self.gate.watch().operation_goes_on(tuple, id);
        }
    }
}

#[async_trait]
impl Assignments for GatedAssignments {
    async fn create(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        self.pass(&[StreamId::ledger(tuple)], async {
            let accepted = self.inner.create(tuple).await;
            if matches!(accepted, Ok(_) | Err(CallError::Unknown(_))) {
                self.gate.watch().creation_accepted(tuple, self.gate.now());
            }
            self.goes_on(tuple, accepted.as_ref().ok());
            accepted
        })
        .await
    }

    async fn delete(&self, tuple: &Tuple) -> Result<OperationId, CallError> {
        self.pass(&[StreamId::ledger(tuple)], async {
            let accepted = self.inner.delete(tuple).await;
            // NB. Also where the answer gets lost it may have been accepted.
            self.gate.watch().deletion_accepted(tuple, self.gate.now());
            self.goes_on(tuple, accepted.as_ref().ok());
            accepted
        })
        .await
    }

    async fn status(&self, kind: OperationKind, id: &OperationId) -> Result<OperationStatus, CallError> {
        let about: Vec<_> = self.gate.watch().ledger_of(id).into_iter().collect();
        let status = self.pass(&about, self.inner.status(kind, id)).await;
        if self.gate.does(Misfit::BelievesAcceptance) { Ok(OperationStatus::Succeeded) } else { status }
    }

    async fn creation_in_flight(&self, tuple: &Tuple) -> Result<Option<OperationId>, CallError> {
        let in_flight = self.pass(&[StreamId::ledger(tuple)], self.inner.creation_in_flight(tuple)).await?;
        self.goes_on(tuple, in_flight.as_ref());
        Ok(in_flight)
    }

    async fn look(&self, kind: OperationKind, tuple: &Tuple) -> Result<Listed, CallError> {
        self.pass(&[StreamId::ledger(tuple)], async {
            let listed = match self.inner.look(kind, tuple).await {
                Err(CallError::NotFound) if self.gate.does(Misfit::BelievesEmptyListings) => Ok(Listed::No),
                listed => listed,
            };
            if listed.is_ok() {
                self.gate.watch().looked(self.gate.current(), tuple, self.gate.now());
            }
            listed
        })
        .await
    }

    async fn assignees(
        &self,
        account: &AccountId,
        permission_set: &PermissionSetArn,
    ) -> Result<Assignees, CallError> {
        let began = self.gate.now();
        let target = Target { account: account.clone(), permission_set: permission_set.clone() };
        let about = self.gate.watch().ledgers_where(|tuple| tuple.target == target);
        let users = self.pass(&about, self.inner.assignees(account, permission_set)).await;
        self.gate.watch().listed(self.gate.current(), target, began);
        users
    }

    async fn assigned_to(&self, user: &UserId) -> Result<BTreeSet<Target>, CallError> {
        let about = self.gate.watch().ledgers_where(|tuple| tuple.principal == *user);
        self.pass(&about, self.inner.assigned_to(user)).await
    }

    async fn provisioned(&self, account: &AccountId) -> Result<BTreeSet<PermissionSetArn>, CallError> {
        self.pass(&[], self.inner.provisioned(account)).await
    }
}
