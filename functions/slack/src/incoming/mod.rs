//! What is read of Slack's messages: as little as is needed, so that nothing else in them can be in the way.

mod command;
mod event;
mod interaction;

pub(crate) use command::Command;
pub(crate) use event::{Event, Push};
pub(crate) use interaction::{Interaction, OpenView, Press, Pressed, Shortcut, Submitted, Suggestion};
