//! The ports of the application on AWS: the only crate that depends on `aws-sdk-*`.
//!
//! It must never hold a rule of the domain, and never know who calls it. Start reading at [`environment`].

mod clients;
pub mod environment;
pub mod instance;

pub use clients::{Clients, http_client};
