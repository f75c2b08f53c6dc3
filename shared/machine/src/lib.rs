//! What every machine has, wherever Kari runs: a clock, and randomness. The ports `Clock` and `Ids`.
//!
//! It must never know a store, a network or who calls it. Both adapters rest on it, so that time and
//! randomness have one source. Start reading at [`SystemClock`].

mod clock;
mod ids;

pub use clock::{SystemClock, nap};
pub use ids::{RandomIds, SeededIds};
