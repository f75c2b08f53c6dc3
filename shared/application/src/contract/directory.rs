//! The laws of `Directory`. Every function is one law; [`all`] holds those of a directory that
//! answers, one after another.

use std::collections::BTreeSet;

use kari_domain::ids::{AccountId, PermissionSetArn, UserId};

use crate::ports::{Clock, Directory};

/// What the laws are tried on: a directory at rest, with at least one of everything.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub directory: &'a dyn Directory,
    pub clock: &'a dyn Clock,
    /// A disabled user.
    pub disabled_user: &'a UserId,
    /// None of these exists.
    pub no_user: &'a UserId,
    pub no_account: &'a AccountId,
    pub no_permission_set: &'a PermissionSetArn,
}

impl std::fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subject").finish_non_exhaustive()
    }
}

/// Every law of a directory that answers.
pub async fn all(subject: Subject<'_>) {
    what_is_read_one_by_one_is_what_is_read_at_once(subject).await;
    a_disabled_user_is_found_and_shown_as_disabled(subject).await;
    what_does_not_exist_is_proven_absent(subject).await;
    accounts_read_together_are_those_that_exist_as_they_are_read_one_by_one(subject).await;
    a_user_who_does_not_exist_is_in_no_group(subject).await;
    an_account_lies_in_a_chain_of_units_that_begins_at_the_root(subject).await;
    a_snapshot_is_as_old_as_the_beginning_of_its_reading(subject).await;
}

/// Law: the read model and the decisions see the same directory.
pub async fn what_is_read_one_by_one_is_what_is_read_at_once(subject: Subject<'_>) {
    let all = subject.directory.read_all().await.expect("the directory answers");
    assert!(!all.users.is_empty() && !all.accounts.is_empty() && !all.permission_sets.is_empty());
    for (id, user) in &all.users {
        assert_eq!(subject.directory.user(id).await.expect("it answers").as_ref(), Some(user));
        let groups = subject.directory.memberships(id).await.expect("it answers");
        let named = subject.directory.user_named(&user.user_name).await.expect("it answers");
        assert_eq!(named.as_ref(), Some(id), "{}", user.user_name);
        assert_eq!(all.subject(id).map(|subject| subject.groups), Some(groups), "{}", user.user_name);
    }
    for (id, account) in &all.accounts {
        assert_eq!(subject.directory.account(id).await.expect("it answers").as_ref(), Some(account));
    }
    for (arn, set) in &all.permission_sets {
        assert_eq!(subject.directory.permission_set(arn).await.expect("it answers").as_ref(), Some(set));
    }
}

/// Law: disabled is not absent.
pub async fn a_disabled_user_is_found_and_shown_as_disabled(subject: Subject<'_>) {
    let user = subject.directory.user(subject.disabled_user).await.expect("it answers");
    assert_eq!(user.map(|user| user.enabled), Some(false));
}

/// Law: absence is the API's own answer.
pub async fn what_does_not_exist_is_proven_absent(subject: Subject<'_>) {
    assert_eq!(subject.directory.user(subject.no_user).await.expect("it answers"), None);
    let named = subject.directory.user_named("nobody is named like this").await;
    assert_eq!(named.expect("it answers"), None);
    assert_eq!(subject.directory.account(subject.no_account).await.expect("it answers"), None);
    let set = subject.directory.permission_set(subject.no_permission_set).await;
    assert_eq!(set.expect("it answers"), None);
}

/// Law: several at once are the same accounts.
pub async fn accounts_read_together_are_those_that_exist_as_they_are_read_one_by_one(subject: Subject<'_>) {
    let all = subject.directory.read_all().await.expect("the directory answers").accounts;
    let ids = all.keys().chain([subject.no_account]).cloned().collect();
    assert_eq!(subject.directory.accounts(&ids).await.expect("it answers"), all);
    let none = subject.directory.accounts(&BTreeSet::new()).await;
    assert!(none.expect("it answers").is_empty());
}

/// Law: no user, no groups.
pub async fn a_user_who_does_not_exist_is_in_no_group(subject: Subject<'_>) {
    assert!(subject.directory.memberships(subject.no_user).await.expect("it answers").is_empty());
}

/// Law: a path is complete: the root first, each unit the parent of the next.
pub async fn an_account_lies_in_a_chain_of_units_that_begins_at_the_root(subject: Subject<'_>) {
    let all = subject.directory.read_all().await.expect("the directory answers");
    for account in all.accounts.values() {
        let mut above = None;
        for id in &account.path {
            let unit = all.units.get(id).expect("every unit on a path is known");
            assert_eq!(unit.parent, above, "{}", account.name);
            above = Some(id.clone());
        }
        assert!(above.is_some(), "{} lies nowhere", account.name);
    }
}

/// Law: a snapshot is never newer than what was read.
pub async fn a_snapshot_is_as_old_as_the_beginning_of_its_reading(subject: Subject<'_>) {
    let before = subject.clock.now();
    let all = subject.directory.read_all().await.expect("the directory answers");
    assert!(before <= all.synced_at && all.synced_at <= subject.clock.now());
}

/// Law: fails closed. Called with a directory that is out of reach.
pub async fn what_cannot_be_read_is_an_error_and_never_absence(subject: Subject<'_>) {
    assert!(subject.directory.user(subject.no_user).await.is_err());
    assert!(subject.directory.memberships(subject.no_user).await.is_err());
    assert!(subject.directory.account(subject.no_account).await.is_err());
    assert!(subject.directory.accounts(&[subject.no_account.clone()].into()).await.is_err());
    assert!(subject.directory.read_all().await.is_err());
}
