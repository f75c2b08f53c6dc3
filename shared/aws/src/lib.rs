//! The ports of the application on AWS: the only crate that depends on `aws-sdk-*`.
//!
//! It must never hold a rule of the domain, and never know who calls it. Start reading at [`store`].

mod clients;
pub mod environment;
pub mod instance;
pub mod policies;
pub mod read_model;
pub mod store;

pub use clients::{Clients, http_client};
