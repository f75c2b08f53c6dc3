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
use crate::no_right::no_right_to;

/// How the directory is reached, for whoever asks about one or some. There is no right to list everything.
pub struct AwsDirectory {
    identity_store: aws_sdk_identitystore::Client,
    organizations: aws_sdk_organizations::Client,
    sso_admin: aws_sdk_ssoadmin::Client,
    of: IdentityCenterIn,
    clock: Arc<dyn Clock>,
    management: OnceCell<AccountId>,
}

impl AwsDirectory {
    pub fn new(clients: &Clients, of: &IdentityCenterIn, clock: Arc<dyn Clock>) -> Self {
        Self {
            identity_store: clients.identity_store(),
            organizations: clients.organizations(),
            sso_admin: clients.sso_admin(),
            of: of.clone(),
            clock,
            management: OnceCell::new(),
        }
    }
}

impl std::fmt::Debug for AwsDirectory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AwsDirectory").field("of", &self.of).finish_non_exhaustive()
    }
}

fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Unavailable {
    Unavailable::new("the directory", error)
}

/// A part that an answer must have to be understood.
fn present<T>(part: Option<T>, what: &'static str) -> Result<T, Unavailable> {
    part.ok_or_else(|| unavailable(format!("the directory's answer has no {what}")))
}

/// One of many that are listed, unless what is said of it cannot be understood: then the list goes on without it.
/// NB. Whoever decides asks for it alone, and is told that it cannot be had.
fn listed<T>(what: &'static str, id: &str, record: Result<T, Unavailable>) -> Option<T> {
    let left_out = |error: &Unavailable| {
        tracing::warn!(what, id, cause = %error.source, "not understood, and left out of the directory");
    };
    record.inspect_err(left_out).ok()
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
        Err(no_right_to("the whole directory"))
    }
}

/// How the directory is reached with the right to list everything, too.
#[derive(Debug)]
pub struct WholeDirectory(pub AwsDirectory);

#[async_trait]
impl Directory for WholeDirectory {
    async fn user(&self, id: &UserId) -> Result<Option<User>, Unavailable> {
        self.0.user(id).await
    }

    async fn user_named(&self, user_name: &str) -> Result<Option<UserId>, Unavailable> {
        self.0.user_named(user_name).await
    }

    async fn memberships(&self, id: &UserId) -> Result<BTreeSet<GroupId>, Unavailable> {
        self.0.memberships(id).await
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Unavailable> {
        self.0.account(id).await
    }

    async fn accounts(&self, ids: &BTreeSet<AccountId>) -> Result<BTreeMap<AccountId, Account>, Unavailable> {
        self.0.accounts(ids).await
    }

    async fn permission_set(&self, arn: &PermissionSetArn) -> Result<Option<PermissionSet>, Unavailable> {
        self.0.permission_set(arn).await
    }

    async fn read_all(&self) -> Result<Snapshot, Unavailable> {
        let Self(directory) = self;
        let synced_at = directory.clock.now();
        let users = directory.list_users().await?;
        let groups = directory.list_groups().await?;
        let members = directory.list_members(groups.keys()).await?;
        let units = directory.list_units().await?;
        let accounts = directory.list_accounts(&units).await?;
        let permission_sets = directory.list_permission_sets().await?;
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
