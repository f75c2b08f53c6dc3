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
    /// The row as it is now, each attribute with its type; nothing if it was removed.
    #[serde(default)]
    new_image: Value,
}

impl Record {
    /// Its place in the stream of the table.
    pub fn place(&self) -> &str {
        &self.dynamodb.sequence_number
    }

    /// The stored bytes of the event that was recorded; `None` if this is no event.
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
