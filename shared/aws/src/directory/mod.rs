//! The directory: users and groups from the identity store, accounts and units from Organizations,
//! permission sets from Identity Center. Read live, and failing closed.

mod accounts;
mod paced;
mod people;
mod permission_sets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use kari_application::ports::{Clock, Directory, Unavailable};
use kari_domain::directory::{Account, PermissionSet, Snapshot, User};
use kari_domain::ids::{AccountId, GroupId, PermissionSetArn, UserId};
use tokio::sync::OnceCell;

use self::accounts::Parents;
use crate::clients::Clients;
use crate::environment::IdentityCenterIn;
use crate::instance::{IdentityStoreId, InstanceArn};

/// How the directory is reached.
pub struct AwsDirectory {
    identity_store: aws_sdk_identitystore::Client,
    organizations: aws_sdk_organizations::Client,
    sso_admin: aws_sdk_ssoadmin::Client,
    store_id: IdentityStoreId,
    instance: InstanceArn,
    clock: Arc<dyn Clock>,
    management: OnceCell<AccountId>,
}

impl AwsDirectory {
    pub fn new(clients: &Clients, of: &IdentityCenterIn, clock: Arc<dyn Clock>) -> Self {
        let Clients { identity_store, organizations, sso_admin, .. } = clients.clone();
        let (store_id, instance) = (of.identity_store.clone(), of.instance.clone());
        let management = OnceCell::new();
        Self { identity_store, organizations, sso_admin, store_id, instance, clock, management }
    }
}

impl std::fmt::Debug for AwsDirectory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AwsDirectory").field("instance", &self.instance).finish_non_exhaustive()
    }
}

fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Unavailable {
    Unavailable::new("the directory", error)
}

/// A part that an answer must have to be understood.
fn present<T>(part: Option<T>, what: &'static str) -> Result<T, Unavailable> {
    part.ok_or_else(|| unavailable(format!("the directory's answer has no {what}")))
}

#[async_trait]
impl Directory for AwsDirectory {
    async fn user(&self, id: &UserId) -> Result<Option<User>, Unavailable> {
        self.describe_user(id).await
    }

    async fn user_named(&self, user_name: &str) -> Result<Option<UserId>, Unavailable> {
        self.find_user(user_name).await
    }

    async fn memberships(&self, id: &UserId) -> Result<BTreeSet<GroupId>, Unavailable> {
        self.groups_of(id).await
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Unavailable> {
        self.describe_account(id, &mut Parents::new()).await
    }

    async fn accounts(&self, ids: &BTreeSet<AccountId>) -> Result<BTreeMap<AccountId, Account>, Unavailable> {
        let mut parents = Parents::new();
        let mut accounts = BTreeMap::new();
        for id in ids {
            if let Some(account) = self.describe_account(id, &mut parents).await? {
                accounts.insert(id.clone(), account);
            }
        }
        Ok(accounts)
    }

    async fn permission_set(&self, arn: &PermissionSetArn) -> Result<Option<PermissionSet>, Unavailable> {
        self.describe_permission_set(arn).await
    }

    async fn read_all(&self) -> Result<Snapshot, Unavailable> {
        let synced_at = self.clock.now();
        let users = self.list_users().await?;
        let groups = self.list_groups().await?;
        let members = self.list_members(groups.keys()).await?;
        let units = self.list_units().await?;
        let accounts = self.list_accounts(&units).await?;
        let permission_sets = self.list_permission_sets().await?;
        Ok(Snapshot {
            users,
            groups,
            members,
            units,
            accounts,
            permission_sets,
            synced_at,
            ..Snapshot::default()
        })
    }
}
