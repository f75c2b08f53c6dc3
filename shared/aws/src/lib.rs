//! The ports of the application on AWS: the only crate that depends on `aws-sdk-*`.
//!
//! It must never hold a rule of the domain, and never know who calls it. Start reading at [`duties`],
//! then [`store`], then [`identity_center`].

mod assemble;
mod clients;
pub mod directory;
pub mod duties;
mod endpoints;
pub mod environment;
#[cfg(feature = "function")]
pub mod function;
pub mod identity_center;
mod in_role;
pub mod inspect;
pub mod instance;
pub mod itself;
pub mod letters;
pub mod metrics;
pub mod no_right;
pub mod notes;
pub mod one_process;
pub mod policies;
mod policy_copy;
pub mod read_model;
pub mod secrets;
pub mod simulate;
pub mod store;
pub mod topic;
pub mod workflow;

pub use assemble::{Adapters, Parts, assemble, assemble_from};
pub use clients::{Clients, InManagement, http_client};
