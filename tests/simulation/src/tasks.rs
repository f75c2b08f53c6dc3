//! Running use cases side by side without a runtime: whoever is ready may be polled next, in any
//! order, and everybody can be dropped at any await.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// A task's number; later ones are greater, also across crashes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(pub u64);

/// A use case on its way.
type Running = Pin<Box<dyn Future<Output = ()>>>;

struct Task {
    name: String,
    future: Running,
    ready: Arc<Ready>,
}

#[derive(Debug)]
struct Ready(AtomicBool);

impl Wake for Ready {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Everything that runs in one process.
#[derive(Default)]
pub struct Tasks {
    tasks: BTreeMap<TaskId, Task>,
    next: u64,
}

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.tasks.iter().map(|(id, task)| (id, &task.name))).finish()
    }
}

impl Tasks {
    /// Starts something; it does not run before it is polled.
    pub fn start(&mut self, name: String, future: impl Future<Output = ()> + 'static) -> TaskId {
        self.next += 1;
        let (id, ready) = (TaskId(self.next), Arc::new(Ready(AtomicBool::new(true))));
        self.tasks.insert(id, Task { name, future: Box::pin(future), ready });
        id
    }

    /// Who can go on, in the order of starting.
    pub fn ready(&self) -> Vec<TaskId> {
        let ready = self.tasks.iter().filter(|(_, task)| task.ready.0.load(Ordering::Relaxed));
        ready.map(|(id, _)| *id).collect()
    }

    /// Everybody, in the order of starting.
    pub fn all(&self) -> Vec<TaskId> {
        self.tasks.keys().copied().collect()
    }

    /// Lets a task run until it waits for something or is done. Whether it is done.
    pub fn poll(&mut self, id: TaskId) -> bool {
        let Some(task) = self.tasks.get_mut(&id) else { return true };
        task.ready.0.store(false, Ordering::Relaxed);
        let waker = Waker::from(Arc::clone(&task.ready));
        let done = task.future.as_mut().poll(&mut Context::from_waker(&waker)).is_ready();
        if done {
            self.tasks.remove(&id);
        }
        done
    }

    /// The process dies: nobody gets to say another word.
    pub fn crash(&mut self) {
        self.tasks.clear();
    }

    /// One is cut off.
    pub fn drop_one(&mut self, id: TaskId) {
        self.tasks.remove(&id);
    }

    /// A task's name, while it runs.
    pub fn name(&self, id: TaskId) -> Option<&str> {
        self.tasks.get(&id).map(|task| task.name.as_str())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether nobody is left.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }
}

/// Lets others go first, once.
pub async fn yield_once() {
    let mut yielded = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            Poll::Ready(())
        } else {
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}
