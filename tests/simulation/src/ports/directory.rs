//! The directory. What goes wrong is the plan of the simulated Identity Center.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use kari_application::ports::{Directory, Unavailable};
use kari_domain::directory::{Account, PermissionSet, Snapshot, User};
use kari_domain::ids::{AccountId, GroupId, PermissionSetArn, UserId};
use kari_embedded::identity_center::SimulatedIdentityCenter;

use super::gate::{Gate, Port};
use crate::mutant::Misfit;

/// The directory behind the gate.
#[derive(Debug)]
pub struct GatedDirectory {
    inner: Arc<SimulatedIdentityCenter>,
    gate: Arc<Gate>,
}

impl GatedDirectory {
    /// The directory behind the gate.
    pub fn new(inner: Arc<SimulatedIdentityCenter>, gate: Arc<Gate>) -> Self {
        Self { inner, gate }
    }

    async fn pass<T: Send>(
        &self,
        call: impl Future<Output = Result<T, Unavailable>> + Send,
    ) -> Result<T, Unavailable> {
        self.gate.pass(Port::Directory, &[], call).await
    }
}

#[async_trait]
impl Directory for GatedDirectory {
    async fn user(&self, id: &UserId) -> Result<Option<User>, Unavailable> {
        self.pass(self.inner.user(id)).await
    }

    async fn user_named(&self, user_name: &str) -> Result<Option<UserId>, Unavailable> {
        self.pass(self.inner.user_named(user_name)).await
    }

    async fn memberships(&self, id: &UserId) -> Result<BTreeSet<GroupId>, Unavailable> {
        let now = self.pass(self.inner.memberships(id)).await?;
        if !self.gate.does(Misfit::RemembersMembers) {
            return Ok(now);
        }
        let watch = self.gate.watch();
        let at_first = watch.organization_at_first().members.iter();
        Ok(at_first.filter(|(_, members)| members.contains(id)).map(|(group, _)| group.clone()).collect())
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Unavailable> {
        let account = self.pass(self.inner.account(id)).await?;
        let old = self.gate.watch().organization_at_first().accounts.get(id).cloned();
        Ok(if self.gate.does(Misfit::OldDirectory) { old } else { account })
    }

    async fn accounts(&self, ids: &BTreeSet<AccountId>) -> Result<BTreeMap<AccountId, Account>, Unavailable> {
        let accounts = self.pass(self.inner.accounts(ids)).await?;
        let mut old = self.gate.watch().organization_at_first().accounts.clone();
        old.retain(|id, _| ids.contains(id));
        Ok(if self.gate.does(Misfit::OldDirectory) { old } else { accounts })
    }

    async fn permission_set(&self, arn: &PermissionSetArn) -> Result<Option<PermissionSet>, Unavailable> {
        self.pass(self.inner.permission_set(arn)).await
    }

    async fn read_all(&self) -> Result<Snapshot, Unavailable> {
        self.pass(self.inner.read_all()).await
    }
}
