//! A request's way through Slack: the card, its changes, what its requester hears, and what people press.

mod clicks;
mod failing;
mod journey;
mod links;
mod many;
mod refused;
mod reminding;
mod secrets;
mod sent;
mod stage;
mod starting;
mod words;
