//! Stories over the wiring of the simulation, in fair weather but for what they tell of; its watch looks
//! on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod drift;
mod found;
mod lapsed;
mod out_of_reach;
mod told;
mod twice;
mod without_policies;
