//! What Kari *is*: policies and their evaluation, the life of an access request, the ledger of
//! account assignments, and the audit trail that both leave.
//!
//! This crate is pure. It must never know of clocks, randomness, I/O, async or any SDK: every fact
//! it needs travels inside a command. The same inputs give the same answers, always.
//!
//! Start reading at [`request`] (the life of an access request), then [`ledger`] (who holds which
//! assignment), then [`policy`] (who may have what, and who must agree).

pub mod audit;
pub mod directory;
pub mod ids;
pub mod ledger;
pub mod mutants;
pub mod policy;
pub mod request;
pub mod settings;
pub mod text;
pub mod time;
