//! Access requests: ask, look, review, withdraw, end.

mod approve;
mod command;
mod deny;
mod get;
mod list;
mod progress;
mod revoke;
mod submit;
mod timeline;
mod unreadable;
mod view;
mod withdraw;

pub(crate) use approve::*;
pub(crate) use deny::*;
pub(crate) use get::*;
pub(crate) use list::*;
pub(crate) use progress::waits_for;
pub(crate) use revoke::*;
pub(crate) use submit::SubmissionResult;
pub(crate) use submit::*;
pub(crate) use timeline::TimelineEntry;
pub(crate) use view::RequestView;
pub(crate) use withdraw::*;
