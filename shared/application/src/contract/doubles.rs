//! Doubles of ports, for tests in which one call or two go otherwise than in the port they have.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use kari_domain::audit::StreamId;
use kari_domain::directory::{Account, PermissionSet, Snapshot, User};
use kari_domain::ids::{AccountId, AppendId, GroupId, OperationId, PermissionSetArn, Target, Tuple, UserId};
use kari_domain::time::Instant;

use crate::ports::{
    Append, AppendError, Assignees, Assignments, AuditFilter, AuditRecord, CallError, Directory, Due,
    EventStore, Item, ItemKey, ListError, Listed, OperationKind, OperationStatus, Page, PageRequest,
    Recorded, RequestFilter, RequestScope, StreamState, Unavailable,
};

/// A trait with all calls of a port, each of which is passed on unless a test says otherwise. What has the
/// trait has the port.
macro_rules! double {
    (
        $(#[$doc:meta])*
        $double:ident of $port:ident;
        $(fn $call:ident(&self $(, $given:ident: $kind:ty)*) -> $answer:ty;)*
    ) => {
        $(#[$doc])*
        #[async_trait]
        pub trait $double: Send + Sync {
            /// To which calls are passed on.
            fn inner(&self) -> &dyn $port;
            $(
                async fn $call(&self $(, $given: $kind)*) -> $answer {
                    self.inner().$call($($given),*).await
                }
            )*
        }

        #[async_trait]
        impl<T: $double> $port for T {
            $(
                async fn $call(&self $(, $given: $kind)*) -> $answer {
                    $double::$call(self $(, $given)*).await
                }
            )*
        }
    };
}

double! {
    /// Identity Center as another one is, but for the calls that a test gives.
    AssignmentsDouble of Assignments;
    fn create(&self, tuple: &Tuple) -> Result<OperationId, CallError>;
    fn delete(&self, tuple: &Tuple) -> Result<OperationId, CallError>;
    fn status(&self, kind: OperationKind, id: &OperationId) -> Result<OperationStatus, CallError>;
    fn creation_in_flight(&self, tuple: &Tuple) -> Result<Option<OperationId>, CallError>;
    fn look(&self, kind: OperationKind, tuple: &Tuple) -> Result<Listed, CallError>;
    fn assignees(&self, account: &AccountId, set: &PermissionSetArn) -> Result<Assignees, CallError>;
    fn assigned_to(&self, user: &UserId) -> Result<BTreeSet<Target>, CallError>;
    fn provisioned(&self, account: &AccountId) -> Result<BTreeSet<PermissionSetArn>, CallError>;
}

double! {
    /// A directory as another one is, but for the calls that a test gives.
    DirectoryDouble of Directory;
    fn user(&self, id: &UserId) -> Result<Option<User>, Unavailable>;
    fn user_named(&self, user_name: &str) -> Result<Option<UserId>, Unavailable>;
    fn memberships(&self, id: &UserId) -> Result<BTreeSet<GroupId>, Unavailable>;
    fn account(&self, id: &AccountId) -> Result<Option<Account>, Unavailable>;
    fn accounts(&self, ids: &BTreeSet<AccountId>) -> Result<BTreeMap<AccountId, Account>, Unavailable>;
    fn permission_set(&self, arn: &PermissionSetArn) -> Result<Option<PermissionSet>, Unavailable>;
    fn read_all(&self) -> Result<Snapshot, Unavailable>;
}

double! {
    /// A store as another one is, but for the calls that a test gives.
    EventStoreDouble of EventStore;
    fn append(&self, append: &Append) -> Result<(), AppendError>;
    fn appended(&self, id: AppendId, stream: &StreamId) -> Result<bool, Unavailable>;
    fn stream(&self, stream: &StreamId) -> Result<Vec<String>, Unavailable>;
    fn recorded(&self, stream: &StreamId) -> Result<Recorded, Unavailable>;
    fn state(&self, stream: &StreamId) -> Result<StreamState, Unavailable>;
    fn health(&self) -> Result<(), Unavailable>;
    fn item(&self, key: &ItemKey) -> Result<Option<Item>, Unavailable>;
    fn items_by_key(&self, keys: &BTreeSet<ItemKey>) -> Result<BTreeMap<ItemKey, Item>, Unavailable>;
    fn holder(&self, claim: &str, at: Instant) -> Result<Option<String>, Unavailable>;
    fn holders(
        &self, claims: &BTreeSet<String>, at: Instant
    ) -> Result<BTreeMap<String, String>, Unavailable>;
    fn items(&self, prefix: &str, page: &PageRequest) -> Result<Page<Item>, ListError>;
    fn due(&self, until: Instant, after: Option<&Due>, limit: usize) -> Result<Vec<Due>, Unavailable>;
    fn requests(
        &self, scope: &RequestScope, filter: &RequestFilter, page: &PageRequest
    ) -> Result<Page<Item>, ListError>;
    fn audit(&self, filter: &AuditFilter, page: &PageRequest) -> Result<Page<AuditRecord>, ListError>;
}
