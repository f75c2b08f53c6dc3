//! What the table's stream invokes: does what follows from every recorded event.
//!
//! Records come in any order and more than once, and a batch is repeated from the first record that failed.
//! It must never let one record hold up the others.

mod record;
pub mod slack;

use kari_application::relay::{relay, tell_unreadable};
use kari_application::{Error, Kari};
use serde::Serialize;

pub use record::{Batch, Record};

/// What is to be repeated of a batch, as Lambda wants to hear it.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Repeat {
    pub batch_item_failures: Vec<Failure>,
}

/// One record that failed.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// Its place in the stream.
    pub item_identifier: String,
}

/// What became of a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Relayed {
    pub repeat: Repeat,
    /// How many records cannot be understood and were set aside.
    pub dead_letters: u64,
}

/// Does what follows from every record of a batch.
pub async fn handle(kari: &Kari, batch: &Batch) -> Relayed {
    let mut relayed = Relayed::default();
    for record in &batch.records {
        match follow(kari, record).await {
            Ok(Followed::Done) => {}
            Ok(Followed::SetAside) => relayed.dead_letters += 1,
            Err(error) => {
                let place = record.place();
                if error.is_resting() {
                    tracing::debug!(place, %error, "what follows from a record comes in a moment");
                } else {
                    tracing::warn!(place, error = %causes(&error), "what follows from a record failed; it is repeated");
                }
                relayed.repeat.batch_item_failures.push(Failure { item_identifier: place.to_owned() });
            }
        }
    }
    relayed
}

/// An error with what caused it.
fn causes(error: &Error) -> String {
    let mut told = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(deeper) = cause {
        told = format!("{told}: {deeper}");
        cause = deeper.source();
    }
    told
}

enum Followed {
    Done,
    SetAside,
}

/// What cannot be understood, or told, is set aside: that is told, and the event itself stays in the table.
async fn follow(kari: &Kari, record: &Record) -> Result<Followed, Error> {
    let done = match record.event() {
        Some(bytes) => relay(kari, bytes).await,
        None if record.is_of_event() => Err(Error::Corrupt("the row has no event".to_owned())),
        None => Ok(()),
    };
    match done {
        Ok(()) => Ok(Followed::Done),
        Err(Error::Corrupt(what)) => {
            tracing::error!(
                place = record.place(),
                what,
                "an event cannot be understood or told; it is set aside"
            );
            let Some(stream) = record.stream() else { return Ok(Followed::SetAside) };
            match tell_unreadable(kari, &stream).await {
                // Not even that is taken; the metric tells.
                Ok(()) | Err(Error::Corrupt(_)) => Ok(Followed::SetAside),
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}
