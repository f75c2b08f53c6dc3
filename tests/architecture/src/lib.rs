//! Nothing but tests: they check that the workspace keeps to its own rules.
//!
//! Start reading at `tests/dependencies.rs`.
