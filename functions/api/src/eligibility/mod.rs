//! What one may ask for, and what would come of it.

mod list;
mod verdict;

pub(crate) use list::*;
pub(crate) use verdict::*;
