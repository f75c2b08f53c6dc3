//! The use cases, and the ports through which they reach the world.
//!
//! Async, but it must never know a runtime, an SDK, a database or HTTP. Every state change goes
//! through the one load → decide → append loop.
//!
//! Start reading at [`ports`], then `advance`, the operation that drives every request.

#[cfg(feature = "contract")]
pub mod contract;
pub mod ports;
