//! The rules of the ledger, one sentence each, and every presence × operation in one table.

mod change;
mod properties;
mod replay;
pub(crate) mod sample;
mod settle;
mod table;
