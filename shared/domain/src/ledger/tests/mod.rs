//! The rules of the ledger, one sentence each, and every presence × operation in one table.

mod change;
mod plan;
mod properties;
mod replay;
pub(crate) mod sample;
mod state;
mod table;
