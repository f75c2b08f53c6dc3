//! The laws of [`Notifier`](crate::ports::Notifier). `count` tells how many messages somebody has. They tell of what
//! rests on no event, which every channel has to tell: one for machines has told the events themselves.

use kari_domain::ids::UserId;

use super::event_store::sample::{second, stream};
use crate::ports::{Notification, NotificationKind, Notifier};

fn user(id: &str) -> UserId {
    id.parse().unwrap()
}

fn notification() -> Notification {
    Notification {
        kind: NotificationKind::RecordsUnreadable,
        recipients: vec![user("u-1"), user("u-2")],
        stream: stream("request/1"),
        sequence: 2,
        request: None,
        at: second(0),
    }
}

pub async fn every_recipient_is_told_and_nobody_else(
    notifier: &dyn Notifier,
    count: impl Fn(&UserId) -> usize,
) {
    notifier.deliver(&notification()).await.unwrap();
    assert_eq!(["u-1", "u-2", "u-3"].map(|id| count(&user(id))), [1, 1, 0]);
}

pub async fn delivering_again_changes_nothing(notifier: &dyn Notifier, count: impl Fn(&UserId) -> usize) {
    notifier.deliver(&notification()).await.unwrap();
    notifier.deliver(&notification()).await.unwrap();
    // A repetition may know of fewer people, or be stamped later.
    let recipients = vec![user("u-1"), user("u-1")];
    notifier.deliver(&Notification { recipients, at: second(9), ..notification() }).await.unwrap();
    assert_eq!(["u-1", "u-2", "u-3"].map(|id| count(&user(id))), [1, 1, 0]);
}

/// Of channels for people: to machines it is the same message, whoever it is for.
pub async fn whoever_a_repetition_knows_of_is_told_too(
    notifier: &dyn Notifier,
    count: impl Fn(&UserId) -> usize,
) {
    notifier.deliver(&notification()).await.unwrap();
    let recipients = vec![user("u-1"), user("u-3"), user("u-1")];
    notifier.deliver(&Notification { recipients, ..notification() }).await.unwrap();
    assert_eq!(["u-1", "u-2", "u-3"].map(|id| count(&user(id))), [1, 1, 1]);
}

pub async fn another_event_or_kind_is_another_message(
    notifier: &dyn Notifier,
    count: impl Fn(&UserId) -> usize,
) {
    for other in [
        notification(),
        Notification { sequence: 3, ..notification() },
        Notification { stream: stream("request/2"), ..notification() },
        Notification { kind: NotificationKind::DirectoryTooOld, ..notification() },
    ] {
        notifier.deliver(&other).await.unwrap();
    }
    assert_eq!(count(&user("u-1")), 4);
}
