//! Clocks: the machine's, the machine's with an offset that can be skipped forward, and one that
//! only moves when told to.

mod manual;
mod system;

pub use manual::ManualClock;
pub use system::{SystemClock, VirtualClock};
