//! The laws of `Assignments`. Every function is one law; [`all`] holds them all, one after another.
//!
//! Time passes by the clock's own `sleep`: a test's clock jumps, a real one waits.

use chrono::TimeDelta;
use kari_domain::ids::{OperationId, Target, Tuple, UserId};
use kari_domain::time::LISTING_GRACE;

use crate::ports::{Assignments, CallError, Clock, Listed, OperationKind, OperationStatus};

/// What the laws are tried on: an Identity Center where nothing goes wrong, and where it may be asked what a
/// user holds.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub assignments: &'a dyn Assignments,
    pub clock: &'a dyn Clock,
    /// A target that may be assigned, and is not assigned to the two.
    pub target: &'a Target,
    pub user: &'a UserId,
    pub another_user: &'a UserId,
}

impl std::fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subject").field("target", self.target).finish_non_exhaustive()
    }
}

impl Subject<'_> {
    fn tuple(&self) -> Tuple {
        Tuple { principal: self.user.clone(), target: self.target.clone() }
    }

    fn another_tuple(&self) -> Tuple {
        Tuple { principal: self.another_user.clone(), target: self.target.clone() }
    }

    /// Watches an operation until it has ended.
    async fn end_of(&self, kind: OperationKind, id: &OperationId) -> OperationStatus {
        for _ in 0..120 {
            let status = self.assignments.status(kind, id).await.expect("a known operation has a status");
            if status != OperationStatus::InProgress {
                return status;
            }
            self.clock.sleep(TimeDelta::seconds(1)).await;
        }
        OperationStatus::InProgress
    }

    async fn create(&self, tuple: &Tuple) {
        let id = self.assignments.create(tuple).await.expect("a creation is accepted");
        assert_eq!(self.end_of(OperationKind::Creation, &id).await, OperationStatus::Succeeded);
        self.clock.sleep(LISTING_GRACE).await;
    }

    async fn delete(&self, tuple: &Tuple) {
        let id = self.assignments.delete(tuple).await.expect("a deletion is accepted");
        assert_eq!(self.end_of(OperationKind::Deletion, &id).await, OperationStatus::Succeeded);
        self.clock.sleep(LISTING_GRACE).await;
    }

    async fn looks(&self, tuple: &Tuple) -> Listed {
        self.assignments.look(OperationKind::Deletion, tuple).await.expect("looking succeeds")
    }
}

/// Every law, one after another; each leaves nothing assigned.
pub async fn all(subject: Subject<'_>) {
    a_creation_that_succeeded_is_listed_within_the_listing_grace(subject).await;
    a_deletion_that_succeeded_is_no_longer_listed_after_the_listing_grace(subject).await;
    creating_what_exists_changes_nothing(subject).await;
    deleting_what_does_not_exist_changes_nothing(subject).await;
    the_ids_of_creations_and_deletions_are_not_interchangeable(subject).await;
    an_operation_that_never_was_is_not_found(subject).await;
    a_creation_in_progress_is_found_by_its_tuple_alone(subject).await;
    the_lists_agree_with_the_look(subject).await;
    what_a_user_is_assigned_is_listed_as_theirs_alone(subject).await;
}

/// Law: accepted is not done; done is observed by the status, and listed within the grace.
pub async fn a_creation_that_succeeded_is_listed_within_the_listing_grace(subject: Subject<'_>) {
    let tuple = subject.tuple();
    assert_eq!(subject.looks(&tuple).await, Listed::No);
    subject.create(&tuple).await;
    assert_eq!(subject.looks(&tuple).await, Listed::Yes);
    subject.delete(&tuple).await;
}

/// Law: what was observed deleted is gone from listings after the grace.
pub async fn a_deletion_that_succeeded_is_no_longer_listed_after_the_listing_grace(subject: Subject<'_>) {
    let tuple = subject.tuple();
    subject.create(&tuple).await;
    subject.delete(&tuple).await;
    assert_eq!(subject.looks(&tuple).await, Listed::No);
}

/// Law: assignments are a set. A second creation makes no second one: one deletion removes it.
pub async fn creating_what_exists_changes_nothing(subject: Subject<'_>) {
    let tuple = subject.tuple();
    subject.create(&tuple).await;
    match subject.assignments.create(&tuple).await {
        Ok(id) => drop(subject.end_of(OperationKind::Creation, &id).await),
        Err(error) => assert!(matches!(error, CallError::Conflict), "{error}"),
    }
    assert_eq!(subject.looks(&tuple).await, Listed::Yes);
    subject.delete(&tuple).await;
    assert_eq!(subject.looks(&tuple).await, Listed::No);
}

/// Law: deleting what is not there changes nothing, and may answer *not found*.
pub async fn deleting_what_does_not_exist_changes_nothing(subject: Subject<'_>) {
    let (tuple, another) = (subject.tuple(), subject.another_tuple());
    subject.create(&another).await;
    match subject.assignments.delete(&tuple).await {
        Ok(id) => drop(subject.end_of(OperationKind::Deletion, &id).await),
        Err(error) => assert!(matches!(error, CallError::NotFound), "{error}"),
    }
    subject.clock.sleep(LISTING_GRACE).await;
    assert_eq!(subject.looks(&another).await, Listed::Yes);
    assert_eq!(subject.looks(&tuple).await, Listed::No);
    subject.delete(&another).await;
}

/// Law: the two kinds of operation are asked for separately.
pub async fn the_ids_of_creations_and_deletions_are_not_interchangeable(subject: Subject<'_>) {
    let tuple = subject.tuple();
    let id = subject.assignments.create(&tuple).await.expect("a creation is accepted");
    let crossed = subject.assignments.status(OperationKind::Deletion, &id).await;
    assert!(matches!(crossed, Err(CallError::NotFound)), "{crossed:?}");
    subject.end_of(OperationKind::Creation, &id).await;
    subject.clock.sleep(LISTING_GRACE).await;
    let id = subject.assignments.delete(&tuple).await.expect("a deletion is accepted");
    let crossed = subject.assignments.status(OperationKind::Creation, &id).await;
    assert!(matches!(crossed, Err(CallError::NotFound)), "{crossed:?}");
    subject.end_of(OperationKind::Deletion, &id).await;
    subject.clock.sleep(LISTING_GRACE).await;
}

/// Law: an operation that is not known is *not found*, never a guess.
pub async fn an_operation_that_never_was_is_not_found(subject: Subject<'_>) {
    let id = OperationId::parse("00000000-0000-4000-8000-000000000000").expect("a well-formed id");
    for kind in [OperationKind::Creation, OperationKind::Deletion] {
        let status = subject.assignments.status(kind, &id).await;
        assert!(matches!(status, Err(CallError::NotFound)), "{status:?}");
    }
}

/// Law: after a lost answer the tuple alone finds the creation in progress, and no other one.
pub async fn a_creation_in_progress_is_found_by_its_tuple_alone(subject: Subject<'_>) {
    let (tuple, another) = (subject.tuple(), subject.another_tuple());
    let id = subject.assignments.create(&tuple).await.expect("a creation is accepted");
    let found = subject.assignments.creation_in_flight(&tuple).await.expect("it can be asked");
    let status = subject.assignments.status(OperationKind::Creation, &id).await.expect("it is known");
    if status == OperationStatus::InProgress {
        assert_eq!(found.as_ref(), Some(&id));
    }
    let of_another = subject.assignments.creation_in_flight(&another).await.expect("it can be asked");
    assert_eq!(of_another, None);
    subject.end_of(OperationKind::Creation, &id).await;
    let ended = subject.assignments.creation_in_flight(&tuple).await.expect("it can be asked");
    assert_eq!(ended, None);
    subject.clock.sleep(LISTING_GRACE).await;
    subject.delete(&tuple).await;
}

/// Law: the lists that find drift show what the look shows.
pub async fn the_lists_agree_with_the_look(subject: Subject<'_>) {
    let (tuple, another) = (subject.tuple(), subject.another_tuple());
    subject.create(&tuple).await;
    subject.create(&another).await;
    let Target { account, permission_set } = subject.target;
    let users = subject.assignments.assignees(account, permission_set).await.expect("it is listed").users;
    assert!(users.contains(subject.user) && users.contains(subject.another_user), "{users:?}");
    let sets = subject.assignments.provisioned(account).await.expect("it is listed");
    assert!(sets.contains(permission_set), "{sets:?}");
    subject.delete(&tuple).await;
    subject.delete(&another).await;
    let users = subject.assignments.assignees(account, permission_set).await.expect("it is listed").users;
    assert!(!users.contains(subject.user) && !users.contains(subject.another_user), "{users:?}");
}

/// Law: the list of what a user holds shows what the look shows, and nothing of others.
pub async fn what_a_user_is_assigned_is_listed_as_theirs_alone(subject: Subject<'_>) {
    let tuple = subject.tuple();
    let is_listed = async |user: &UserId| {
        subject.assignments.assigned_to(user).await.expect("it is listed").contains(subject.target)
    };
    subject.create(&tuple).await;
    assert!(is_listed(subject.user).await && !is_listed(subject.another_user).await);
    subject.delete(&tuple).await;
    assert!(!is_listed(subject.user).await);
}
