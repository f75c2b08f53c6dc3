//! A batch of the table's stream, as Lambda gives it.

use kari_domain::audit::StreamId;
use serde::Deserialize;
use serde_json::Value;

/// Records in the order of the stream.
#[derive(Debug, Default, Deserialize)]
pub struct Batch {
    #[serde(rename = "Records", default)]
    pub records: Vec<Record>,
}

/// A row that was written.
#[derive(Debug, Deserialize)]
pub struct Record {
    dynamodb: Change,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    sequence_number: String,
    #[serde(default)]
    keys: Value,
    /// The row as it is now, each attribute with its type; nothing if it was removed.
    #[serde(default)]
    new_image: Value,
}

impl Record {
    /// Its place in the stream of the table.
    pub fn place(&self) -> &str {
        &self.dynamodb.sequence_number
    }

    /// Whether the row is an event's, whatever is in it.
    pub fn is_of_event(&self) -> bool {
        let key = self.dynamodb.keys.pointer("/sk/S").and_then(Value::as_str);
        key.is_some_and(|key| key.starts_with("event#")) && !self.dynamodb.new_image.is_null()
    }

    /// The stored bytes of the event that was recorded; `None` if there are none that can be read.
    pub fn event(&self) -> Option<&str> {
        self.text("/bytes/S")
    }

    /// The stream that the event is of.
    pub fn stream(&self) -> Option<StreamId> {
        Some(StreamId::from_stored(self.text("/stream/S")?.to_owned()))
    }

    fn text(&self, pointer: &str) -> Option<&str> {
        self.dynamodb.new_image.pointer(pointer)?.as_str()
    }
}
