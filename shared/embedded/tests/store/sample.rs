//! What the tests of the store append.

use kari_application::ports::{Append, StreamAppend};
use kari_domain::audit::{Actor, AuditEvent, Cause, Head, Stamp, StreamId, seal};
use kari_domain::ids::AppendId;
use kari_domain::time::Instant;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
enum Fact {
    Said { words: String },
}
impl AuditEvent for Fact {}

pub(crate) fn stream(name: &str) -> StreamId {
    StreamId::from_stored(name.to_owned())
}

/// An append of `count` events to one stream, by a person.
pub(crate) fn append(id: u128, name: &str, expected: &Head, count: usize) -> Append {
    let id = AppendId(uuid::Uuid::from_u128(id));
    let actor = Actor::User { id: "u-1".parse().unwrap(), label: "山田 花子".to_owned() };
    let stamp = Stamp { append: id, at: Instant::UNIX_EPOCH, actor, cause: Cause::Api };
    let facts = vec![Fact::Said { words: "something".to_owned() }; count];
    let stream = stream(name);
    let (events, _) = seal(&stream, expected, &facts, &stamp).unwrap();
    Append {
        id,
        at: stamp.at,
        streams: vec![StreamAppend { stream, expected: expected.clone(), events }],
        unchanged: Vec::new(),
        items: Vec::new(),
        claims: Vec::new(),
    }
}
