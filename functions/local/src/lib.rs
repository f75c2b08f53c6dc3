//! `kari`, the one-machine program: API, timer, relay, reconciler, portal and a small sign-in, all in
//! one process on the embedded adapters.
//!
//! It wires things together and must never hold a rule of the domain. Start reading at [`serve`],
//! the worker; [`supervisor`] keeps it alive.

pub mod app;
pub mod audit;
#[cfg(feature = "aws")]
mod aws;
#[cfg(not(feature = "aws"))]
#[path = "without_aws.rs"]
mod aws;
mod bound;
pub mod cli;
pub mod connections;
pub mod data_dir;
pub mod doctor;
pub mod drain;
pub mod first_start;
pub mod host;
#[cfg(test)]
mod in_no_time;
pub mod inbox;
pub mod issuer;
mod labels;
mod late;
pub mod log;
pub mod loops;
pub mod openapi;
pub mod organization_file;
mod owner_only;
mod place;
pub mod policies;
pub mod portal;
pub mod recorded;
pub mod rehearse;
pub mod security_headers;
pub mod serve;
pub mod shutdown;
pub mod sign_in;
mod silent;
pub mod simulation;
pub mod slack;
pub mod slack_delivery;
pub mod smtp;
pub mod sns;
pub mod supervisor;
pub mod token;
pub mod under_way;
mod watched;
pub mod world_file;
