//! A request's way through Slack: the card, its changes, what its requester hears, and what people press.

mod journey;
mod links;
mod secrets;
mod stage;
mod starting;
