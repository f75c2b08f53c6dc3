//! The ports of the application on one machine: everything `kari` needs when there is no cloud.
//!
//! It must never hold a rule of the domain. Start reading at [`assemble`], then [`store`], then
//! [`identity_center`], the simulated Identity Center.

mod assemble;
pub mod clock;
pub mod identity_center;
pub mod ids {
    //! Randomness: from the operating system, or from a seed.

    pub use kari_machine::{RandomIds, SeededIds};
}
pub mod inbox;
pub mod notes;
pub mod organization;
pub mod policies;
pub mod read_model;
pub mod store;

pub use assemble::{Parts, assemble};
