//! A request that a newer version of the program went on with, before it was rolled back.

use kari_domain::audit::{Actor, AuditEvent, Cause, Stamp, SystemReason, seal};
use kari_domain::ids::{AppendId, RequestId};
use serde::{Deserialize, Serialize};

use crate::ports::{Append, StreamAppend};
use crate::{Kari, load_request};

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
enum NewerEvent {
    Sneezed { times: u8 },
}

impl AuditEvent for NewerEvent {}

/// Records what this version does not know: the request cannot be read any more.
pub async fn make_unreadable(kari: &Kari, id: RequestId) {
    let loaded = load_request(kari, id).await.unwrap();
    let (append, at) = (AppendId(kari.ids.fresh()), kari.clock.now());
    let actor = Actor::System { reason: SystemReason::Clock };
    let stamp = Stamp { append, at, actor, cause: Cause::Reconcile };
    let (events, _) =
        seal(&loaded.stream, &loaded.head, &[NewerEvent::Sneezed { times: 3 }], &stamp).unwrap();
    let stream = StreamAppend { stream: loaded.stream, expected: loaded.head, events };
    let append =
        Append { id: append, at, streams: vec![stream], unchanged: vec![], items: vec![], claims: vec![] };
    kari.store.append(&append).await.unwrap();
}
