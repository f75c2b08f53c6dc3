//! A newer version of the program wrote an event that this one does not know, and was rolled back.

use futures::FutureExt;
use kari_application::ports::{Append, EventStore, ItemChange, ItemKey, StreamAppend};
use kari_domain::audit::{Actor, AuditEvent, Cause, Stamp, StreamId, SystemReason, seal};
use kari_domain::ids::{AppendId, RequestId};
use serde::{Deserialize, Serialize};

use crate::ports::apply;
use crate::simulation::Simulation;
use crate::tasks::TaskId;

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
enum NewerEvent {
    NotarySummoned {},
}

impl AuditEvent for NewerEvent {}

impl Simulation {
    /// Continues the stream of some open request with an event that nobody here understands.
    pub(crate) fn poison(&mut self) {
        let open: Vec<_> = {
            let watch = self.world.gate.watch();
            let open = watch
                .requests
                .iter()
                .filter(|(id, request)| !request.is_closed() && !watch.poisoned.contains(id));
            open.map(|(id, _)| *id).collect()
        };
        if open.is_empty() {
            return;
        }
        let id = *self.dice.pick(&open);
        self.poison_request(id);
    }

    /// Continues the stream of this request with an event that nobody here understands.
    ///
    /// # Panics
    /// If there is no such request.
    pub fn poison_request(&mut self, id: RequestId) {
        let stream = StreamId::request(id);
        let item = self.world.store.item(&ItemKey::from(&stream)).now_or_never();
        let mut item = item.expect("at once").expect("readable").expect("it was submitted");
        let append = AppendId(kari_application::ports::Ids::fresh(&*self.world.ids));
        let actor = Actor::System { reason: SystemReason::Clock };
        let stamp = Stamp { append, at: self.now(), actor, cause: Cause::Advance };
        let (events, head) =
            seal(&stream, &item.head, &[NewerEvent::NotarySummoned {}], &stamp).expect("an event");
        let streams = vec![StreamAppend { stream, expected: item.head, events }];
        item.head = head;
        let (at, items) = (self.now(), vec![ItemChange::Put(item)]);
        let append = Append { id: append, at, streams, unchanged: vec![], items, claims: vec![] };
        apply(&self.world.store, &self.world.gate, &append, TaskId(0)).expect("nothing is under way");
        self.world.gate.watch().coverage.count("a request was poisoned");
    }
}
