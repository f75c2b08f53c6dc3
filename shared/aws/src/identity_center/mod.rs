//! IAM Identity Center through `sso-admin`: the port `Assignments`.
//!
//! *Architecture invariant:* no call repeats itself here; the use cases decide about repeating. The
//! client has short timeouts and no retries.

mod assignments;
mod errors;
mod limiter;
mod memory;

use std::sync::Arc;

use crate::instance::InstanceArn;
use aws_sdk_ssoadmin::Client;

pub use limiter::{Lane, Limit, Limiter, Rate};
pub use memory::InMemory;

/// One instance of Identity Center.
#[derive(Debug, Clone)]
pub struct IdentityCenter {
    client: Client,
    instance: InstanceArn,
    limiter: Arc<dyn Limit>,
}

impl IdentityCenter {
    /// The instance, called no faster than the limiter allows.
    pub fn new(client: Client, instance: InstanceArn, limiter: Arc<dyn Limit>) -> Self {
        Self { client, instance, limiter }
    }
}
