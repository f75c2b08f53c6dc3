//! The ports of the application on AWS: the only crate that depends on `aws-sdk-*`.
//!
//! It must never hold a rule of the domain, and never know who calls it. Start reading at [`assemble`],
//! then [`store`], then [`identity_center`].

mod assemble;
mod clients;
pub mod directory;
pub mod environment;
pub mod function;
pub mod identity_center;
pub mod inspect;
pub mod instance;
pub mod metrics;
pub mod one_process;
pub mod policies;
pub mod read_model;
pub mod store;
pub mod topic;
pub mod workflow;

pub use assemble::{Parts, assemble, assemble_from};
pub use clients::{Clients, InManagement, http_client};
