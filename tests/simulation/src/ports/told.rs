//! What follows from events: people are told, and workflows started.

use std::sync::Arc;

use async_trait::async_trait;
use kari_application::ports::{Notification, NotificationKind, Notifier, Unavailable, Workflow};
use kari_domain::ids::RequestId;
use kari_embedded::inbox::Inbox;

use super::gate::{Gate, Port};
use crate::mutant::Misfit;

/// The inbox behind the gate.
#[derive(Debug)]
pub struct GatedNotifier {
    inner: Arc<Inbox>,
    gate: Arc<Gate>,
}

impl GatedNotifier {
    /// The inbox behind the gate.
    pub fn new(inner: Arc<Inbox>, gate: Arc<Gate>) -> Self {
        Self { inner, gate }
    }

    fn is_kept_quiet(&self, kind: NotificationKind) -> bool {
        let end = matches!(kind, NotificationKind::Expired | NotificationKind::Revoked);
        let trouble = matches!(kind, NotificationKind::RemovalBlocked | NotificationKind::RemovalOverdue);
        end && self.gate.does(Misfit::TellsNobodyOfTheEnd)
            || trouble && self.gate.does(Misfit::TellsNobodyOfTrouble)
    }

    fn is_mistaken_for_active(&self, kind: NotificationKind) -> bool {
        let failure = matches!(
            kind,
            NotificationKind::Failed | NotificationKind::RemovalBlocked | NotificationKind::RemovalOverdue
        );
        kind == NotificationKind::Approved && self.gate.does(Misfit::TellsTooEarly)
            || failure && self.gate.does(Misfit::TellsFailuresAsActive)
    }
}

#[async_trait]
impl Notifier for GatedNotifier {
    async fn deliver(&self, notification: &Notification) -> Result<(), Unavailable> {
        if self.is_kept_quiet(notification.kind) {
            return Ok(());
        }
        let mut notification = notification.clone();
        if self.is_mistaken_for_active(notification.kind) {
            notification.kind = NotificationKind::Active;
        }
        self.gate.pass(Port::Notifier, &[], self.inner.deliver(&notification)).await?;
        self.gate.watch().told(&notification);
        Ok(())
    }
}

/// Starts of workflows; who carries them out is the [`Process`](crate::process::Process).
#[derive(Debug)]
pub struct GatedWorkflow {
    gate: Arc<Gate>,
}

impl GatedWorkflow {
    /// Starts through this gate.
    pub fn new(gate: Arc<Gate>) -> Self {
        Self { gate }
    }

    async fn begin(&self, request: RequestId) -> Result<(), Unavailable> {
        let start = async {
            self.gate.start_workflow(request);
            Ok(())
        };
        self.gate.pass(Port::Workflow, &[], start).await
    }
}

#[async_trait]
impl Workflow for GatedWorkflow {
    async fn start(&self, request: RequestId) -> Result<(), Unavailable> {
        self.begin(request).await
    }

    async fn start_end(&self, request: RequestId) -> Result<(), Unavailable> {
        self.begin(request).await
    }
}
