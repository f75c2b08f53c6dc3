//! Contract suites: the laws of each port as tests. An adapter passes them by calling each function.

pub mod assignments;
pub mod directory;
