//! What the portal's page *Simulated Identity Center* shows.

use std::collections::BTreeMap;

use kari_domain::ids::{AccountId, OperationId, PermissionSetArn};
use kari_domain::time::Instant;
use serde::Serialize;

use super::{Action, Assignment, By, Call, Count, Injected, OperationState, Principal, World, WriteKind};

/// An assignment as AWS would list it, with what people call its parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssignmentView {
    pub account: AccountId,
    pub account_name: String,
    pub permission_set: PermissionSetArn,
    pub permission_set_name: String,
    pub principal: Principal,
    pub principal_name: String,
    pub since: Instant,
    pub created_by: By,
    /// The role behind it; `None` for a moment while a listing lags behind.
    pub role_name: Option<String>,
    /// The principal was deleted; the listing goes on showing it.
    pub orphaned: bool,
}

/// A call received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallView {
    pub at: Instant,
    pub action: Action,
    pub arguments: String,
    /// The AWS name of the error it was answered with.
    pub error: Option<&'static str>,
    /// How the operation fared whose status it told.
    pub status: Option<&'static str>,
    pub injected: Option<Injected>,
}

/// An operation in progress.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OperationView {
    pub id: OperationId,
    pub kind: WriteKind,
    pub assignment: Assignment,
    /// Who, what and where, in readable names.
    pub description: String,
    pub accepted_at: Instant,
}

impl World {
    /// The assignments as listings show them now.
    pub fn assignments(&mut self, now: Instant) -> Vec<AssignmentView> {
        let now = self.settle(now);
        let listed = self.assigned.all_listed(now);
        listed
            .map(|(assignment, stay, suffix)| AssignmentView {
                account_name: self.census.account_name(&assignment.account),
                permission_set_name: self.census.permission_set_name(&assignment.permission_set),
                principal_name: self.census.label(&assignment.principal),
                since: stay.created_at,
                created_by: stay.created_by,
                role_name: suffix.map(|suffix| self.role_with(&assignment.permission_set, suffix)),
                orphaned: stay.removed.is_some_and(|(_, by)| by == By::Departure),
                account: assignment.account,
                permission_set: assignment.permission_set,
                principal: assignment.principal,
            })
            .collect()
    }

    /// The last calls, the newest first.
    pub fn recent_calls(&self, limit: usize) -> Vec<CallView> {
        let views = self.log.recent().map(|call| CallView {
            at: call.at,
            action: call.action,
            arguments: call.arguments.clone(),
            error: call.error.as_ref().map(super::ApiError::code),
            status: self.status_told(call),
            injected: call.injected,
        });
        views.take(limit).collect()
    }

    /// The status that a call told, as AWS writes it; `None` if it told none, or the operation is forgotten.
    fn status_told(&self, call: &Call) -> Option<&'static str> {
        let describes = [
            Action::DescribeAccountAssignmentCreationStatus,
            Action::DescribeAccountAssignmentDeletionStatus,
        ];
        if call.error.is_some() || !describes.contains(&call.action) {
            return None;
        }
        let operation = self.operations.get(&OperationId::parse(&call.arguments).ok()?)?;
        Some(match operation.state {
            OperationState::Succeeded { at } if at <= call.at => "SUCCEEDED",
            OperationState::Failed { at, .. } if at <= call.at => "FAILED",
            OperationState::InProgress | OperationState::Succeeded { .. } | OperationState::Failed { .. } => {
                "IN_PROGRESS"
            }
        })
    }

    /// The calls still in the log, the oldest first.
    pub fn calls(&self) -> Vec<Call> {
        let mut calls: Vec<_> = self.log.recent().cloned().collect();
        calls.reverse();
        calls
    }

    /// How often each operation was called; never reset.
    pub fn counts(&self) -> &BTreeMap<Action, Count> {
        self.log.counts()
    }

    /// How often an operation was called.
    pub fn count(&self, action: Action) -> Count {
        self.log.counts().get(&action).copied().unwrap_or_default()
    }

    /// How many operations were in progress when it was last looked or called.
    pub fn operations_under_way(&self) -> usize {
        self.operations.values().filter(|operation| operation.in_progress()).count()
    }

    /// The operations in progress, the oldest first.
    pub fn operations_in_flight(&mut self, now: Instant) -> Vec<OperationView> {
        self.settle(now);
        let pending = self.operations.values().filter(|operation| operation.in_progress());
        let mut views: Vec<_> = pending
            .map(|operation| OperationView {
                id: operation.id.clone(),
                kind: operation.kind,
                assignment: operation.assignment.clone(),
                description: self.describe(&operation.assignment),
                accepted_at: operation.accepted_at,
            })
            .collect();
        views.sort_by(|a, b| (a.accepted_at, &a.id).cmp(&(b.accepted_at, &b.id)));
        views
    }
}
