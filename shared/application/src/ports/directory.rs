use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use kari_domain::directory::{Account, PermissionSet, Snapshot, User};
use kari_domain::ids::{AccountId, GroupId, PermissionSetArn, UserId};

use super::Unavailable;

/// Users, groups, accounts and permission sets, read live. Commands decide on these.
///
/// Laws: `Ok(None)` is the API's own proof of absence, never a guess from a failed call; a value was
/// true at some moment between call and answer. Fails closed: what cannot be read is an error.
#[async_trait]
pub trait Directory: Send + Sync {
    /// A user, disabled ones too.
    async fn user(&self, id: &UserId) -> Result<Option<User>, Unavailable>;
    /// The one user with this user name, disabled ones too. Of two who match, neither is meant.
    async fn user_named(&self, user_name: &str) -> Result<Option<UserId>, Unavailable>;
    /// The groups a user is a member of; empty for a user who does not exist.
    async fn memberships(&self, id: &UserId) -> Result<BTreeSet<GroupId>, Unavailable>;
    /// An account with its units as of now.
    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Unavailable>;
    /// Several accounts, each as [`account`](Self::account) would answer: what does not exist is missing.
    /// Units above more than one of them are looked up once, because Organizations allows few calls.
    async fn accounts(&self, ids: &BTreeSet<AccountId>) -> Result<BTreeMap<AccountId, Account>, Unavailable>;
    /// A permission set.
    async fn permission_set(&self, arn: &PermissionSetArn) -> Result<Option<PermissionSet>, Unavailable>;
    /// Everything, for the read model. Slow; `synced_at` is the moment the reading began.
    async fn read_all(&self) -> Result<Snapshot, Unavailable>;
}

/// The synced copy of the directory that lists and explanations use.
///
/// Laws: `load` returns the snapshot last saved; where others save too, it may be some seconds behind (the empty one with `synced_at` at the epoch before
/// the first), cheaply. What is kept and cannot be understood counts as never saved: it is only a copy.
#[async_trait]
pub trait ReadModel: Send + Sync {
    async fn load(&self) -> Result<Arc<Snapshot>, Unavailable>;
    async fn save(&self, snapshot: Snapshot) -> Result<(), Unavailable>;
}
