//! Clocks: the machine's, the machine's with an offset that can be skipped forward, and one that
//! only moves when told to.

mod manual;
mod virtual_clock;

pub use kari_machine::SystemClock;
pub use manual::ManualClock;
pub use virtual_clock::VirtualClock;
