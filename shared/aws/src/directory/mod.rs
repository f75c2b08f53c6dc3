//! The directory: users and groups from the identity store, accounts and units from Organizations,
//! permission sets from Identity Center. Read live, and failing closed.

mod accounts;
mod paced;
mod people;
mod permission_sets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use futures::future::try_join3;
use kari_application::ports::{Clock, Directory, Unavailable};
use kari_domain::directory::{Account, PermissionSet, Snapshot, User};
use kari_domain::ids::{AccountId, GroupId, PermissionSetArn, UserId};
use tokio::sync::OnceCell;

use self::accounts::Parents;
use self::paced::Reading;
use crate::clients::Clients;
use crate::environment::IdentityCenterIn;
use crate::identity_center::Limit;
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

/// So many of a list may be left out, however short it is.
const FEW: usize = 10;
/// Of a longer one, one of so many.
const ONE_OF: usize = 100;

/// Some list of the directory: how much of it there is, and how much of that is left out.
#[derive(Debug)]
struct Listing {
    /// What each of it is.
    what: &'static str,
    all: usize,
    left_out: usize,
}

impl Listing {
    fn of(what: &'static str) -> Self {
        Self { what, all: 0, left_out: 0 }
    }

    /// One of many, unless what is said of it cannot be understood: then the list goes on without it.
    /// NB. Whoever decides asks for it alone, and is told that it cannot be had.
    fn one<T>(&mut self, id: &str, record: Result<T, Unavailable>) -> Option<T> {
        self.all += 1;
        match record {
            Ok(record) => Some(record),
            Err(error) => {
                self.left_out += 1;
                let what = self.what;
                tracing::warn!(what, id, cause = %error.source, "not understood, and left out of the directory");
                None
            }
        }
    }

    /// At the end of the list. NB. Where more than a few are not understood, AWS says it in another way by now: what was
    /// read before stays, and that it becomes old is alarmed about.
    fn end(&self) -> Result<(), Unavailable> {
        let Self { what, all, left_out } = *self;
        let is_much = left_out > FEW && left_out * ONE_OF > all;
        if is_much || (left_out > 0 && left_out == all) {
            return Err(unavailable(format!("{left_out} of {all} are not understood: {what}")));
        }
        Ok(())
    }
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
pub struct WholeDirectory {
    directory: AwsDirectory,
    limiter: Arc<dyn Limit>,
}

impl WholeDirectory {
    /// The whole directory. What it lists of Identity Center it lists no faster than the limiter allows.
    pub fn new(directory: AwsDirectory, limiter: Arc<dyn Limit>) -> Self {
        Self { directory, limiter }
    }
}

#[async_trait]
impl Directory for WholeDirectory {
    async fn user(&self, id: &UserId) -> Result<Option<User>, Unavailable> {
        self.directory.user(id).await
    }

    async fn user_named(&self, user_name: &str) -> Result<Option<UserId>, Unavailable> {
        self.directory.user_named(user_name).await
    }

    async fn memberships(&self, id: &UserId) -> Result<BTreeSet<GroupId>, Unavailable> {
        self.directory.memberships(id).await
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Unavailable> {
        self.directory.account(id).await
    }

    async fn accounts(&self, ids: &BTreeSet<AccountId>) -> Result<BTreeMap<AccountId, Account>, Unavailable> {
        self.directory.accounts(ids).await
    }

    async fn permission_set(&self, arn: &PermissionSetArn) -> Result<Option<PermissionSet>, Unavailable> {
        self.directory.permission_set(arn).await
    }

    async fn read_all(&self) -> Result<Snapshot, Unavailable> {
        let Self { directory, limiter } = self;
        let synced_at = directory.clock.now();
        let reading = Reading::since(synced_at, Arc::clone(limiter), Arc::clone(&directory.clock));
        let people = async {
            let users = directory.list_users(&reading).await?;
            let mut groups = directory.list_groups(&reading).await?;
            let members = directory.list_members(&reading, groups.keys()).await?;
            // One that was deleted meanwhile is not there.
            groups.retain(|group, _| members.contains_key(group));
            Ok::<_, Unavailable>((users, groups, members))
        };
        let places = directory.list_places(&reading);
        let permission_sets = directory.list_permission_sets(&reading);
        // At the same time: each is called at a pace of its own, and one after the other they may take too long.
        let ((users, groups, members), (units, accounts), permission_sets) =
            try_join3(Box::pin(people), Box::pin(places), Box::pin(permission_sets)).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_which_more_than_a_few_are_not_understood_is_none() {
        let is_taken = |all: usize, left_out: usize| {
            let mut listing = Listing::of("user");
            for number in 0..all {
                let record = if number < left_out { Err(unavailable("it is odd")) } else { Ok(number) };
                assert_eq!(listing.one("u-1", record).is_some(), number >= left_out);
            }
            listing.end().is_ok()
        };
        for (all, left_out) in [(0, 0), (1, 0), (2, 1), (11, 10), (1_100, 11), (5_000, 50)] {
            assert!(is_taken(all, left_out), "{left_out} of {all}");
        }
        for (all, left_out) in [(1, 1), (10, 10), (12, 11), (1_099, 11), (5_000, 51)] {
            assert!(!is_taken(all, left_out), "{left_out} of {all}");
        }
    }
}
