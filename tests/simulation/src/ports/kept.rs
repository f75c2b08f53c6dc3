//! What is read from the store through a cache: policies, and the synced copy of the directory.

use std::sync::Arc;

use async_trait::async_trait;
use kari_application::ports::{Policies, ReadModel, Unavailable};
use kari_domain::directory::Snapshot;
use kari_domain::policy::CompiledPolicies;
use kari_domain::settings::Settings;
use kari_embedded::policies::StoredPolicies;
use kari_embedded::read_model::StoredReadModel;

use super::gate::{Gate, Port};
use crate::mutant::Misfit;

/// The policies behind the gate.
#[derive(Debug)]
pub struct GatedPolicies {
    inner: StoredPolicies,
    gate: Arc<Gate>,
}

impl GatedPolicies {
    /// The policies behind the gate.
    pub fn new(inner: StoredPolicies, gate: Arc<Gate>) -> Self {
        Self { inner, gate }
    }
}

#[async_trait]
impl Policies for GatedPolicies {
    async fn current(&self) -> Result<Arc<CompiledPolicies>, Unavailable> {
        let current = async {
            self.gate.fail_policies()?;
            self.inner.current().await
        };
        let current = self.gate.pass(Port::Policies, &[], current).await?;
        if !self.gate.does(Misfit::BroadRuleDecides) {
            return Ok(current);
        }
        let mut set = current.policy_set().clone();
        set.approvers.retain(|approver| approver.policy.targets.all);
        Ok(Arc::new(CompiledPolicies::new(set)))
    }

    async fn settings(&self) -> Result<Settings, Unavailable> {
        let settings = async {
            self.gate.fail_policies()?;
            self.inner.settings().await
        };
        self.gate.pass(Port::Policies, &[], settings).await
    }
}

/// The read model behind the gate.
#[derive(Debug)]
pub struct GatedReadModel {
    inner: StoredReadModel,
    gate: Arc<Gate>,
}

impl GatedReadModel {
    /// The read model behind the gate.
    pub fn new(inner: StoredReadModel, gate: Arc<Gate>) -> Self {
        Self { inner, gate }
    }
}

#[async_trait]
impl ReadModel for GatedReadModel {
    async fn load(&self) -> Result<Arc<Snapshot>, Unavailable> {
        self.gate.pass(Port::ReadModel, &[], self.inner.load()).await
    }

    async fn save(&self, snapshot: Snapshot) -> Result<(), Unavailable> {
        self.gate.pass(Port::ReadModel, &[], self.inner.save(snapshot)).await
    }
}
