//! The store in SQLite: the laws of its ports, and what is particular to it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod audit;
mod contract;
mod contract_bites;
mod migrations;
mod notes_contract;
mod outbox;
mod policies;
mod policies_contract;
mod sample;
mod unreadable;
