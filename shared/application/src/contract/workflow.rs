//! The laws of [`Workflow`](crate::ports::Workflow).

use kari_domain::ids::RequestId;
use uuid::Uuid;

use crate::ports::Workflow;

/// What the laws need.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub workflow: &'a dyn Workflow,
    /// Has a request that is under way sleep: nothing drives it for long by itself.
    pub put_to_sleep: &'a (dyn Fn(RequestId) + Sync),
    /// Whether something drives the request now.
    pub is_awake: &'a (dyn Fn(RequestId) -> bool + Sync),
}

impl std::fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subject").finish_non_exhaustive()
    }
}

fn request(number: u128) -> RequestId {
    RequestId(Uuid::from_u128(number))
}

impl Subject<'_> {
    fn sleeping(&self, number: u128) -> RequestId {
        let request = request(number);
        (self.put_to_sleep)(request);
        assert!(!(self.is_awake)(request), "it does not sleep");
        request
    }
}

/// Every law.
pub async fn all(subject: Subject<'_>) {
    what_is_started_is_driven(subject).await;
    starting_what_is_under_way_is_success(subject).await;
    an_early_end_is_driven_although_the_request_sleeps(subject).await;
    a_start_wakes_nobody_else(subject).await;
}

pub async fn what_is_started_is_driven(subject: Subject<'_>) {
    let request = subject.sleeping(1);
    subject.workflow.start(request).await.unwrap();
    assert!((subject.is_awake)(request));
}

pub async fn starting_what_is_under_way_is_success(subject: Subject<'_>) {
    for _ in 0..3 {
        subject.workflow.start(request(2)).await.unwrap();
        subject.workflow.start_end(request(2)).await.unwrap();
    }
    assert!((subject.is_awake)(request(2)));
}

pub async fn an_early_end_is_driven_although_the_request_sleeps(subject: Subject<'_>) {
    let request = subject.sleeping(3);
    subject.workflow.start_end(request).await.unwrap();
    assert!((subject.is_awake)(request));
}

pub async fn a_start_wakes_nobody_else(subject: Subject<'_>) {
    let (sleeping, started) = (subject.sleeping(4), request(5));
    subject.workflow.start(started).await.unwrap();
    subject.workflow.start_end(started).await.unwrap();
    assert!(!(subject.is_awake)(sleeping));
}
