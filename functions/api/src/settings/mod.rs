//! Settings: everyone signed in may read them, administrators write them.

mod change;
mod document;
mod get;

pub(crate) use change::*;
pub(crate) use get::*;
