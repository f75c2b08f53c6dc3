//! IAM Identity Center through `sso-admin`: the port `Assignments`.
//!
//! *Architecture invariant:* no call repeats itself here; the use cases decide about repeating. The
//! client has short timeouts and no retries.

mod assignments;
mod errors;
mod limiter;
mod memory;

use std::sync::Arc;

use crate::clients::{Clients, InManagement};
use crate::instance::InstanceArn;
use aws_sdk_ssoadmin::Client;
use kari_domain::ids::AccountId;

pub use limiter::{Lane, Limit, Limiter, Rate};
pub use memory::InMemory;

/// One instance of Identity Center.
#[derive(Debug, Clone)]
pub struct IdentityCenter {
    client: Client,
    /// Who alone may change assignments on the management account.
    management: Option<InManagement>,
    instance: InstanceArn,
    limiter: Arc<dyn Limit>,
}

impl IdentityCenter {
    /// The instance, called no faster than the limiter allows.
    pub fn new(clients: &Clients, instance: InstanceArn, limiter: Arc<dyn Limit>) -> Self {
        Self { client: clients.sso_admin(), management: clients.in_management(), instance, limiter }
    }

    /// As whom assignments on this account are read and changed.
    fn client_for(&self, account: &AccountId) -> &Client {
        let management = self.management.as_ref().filter(|management| management.account == *account);
        management.map_or(&self.client, |management| &management.sso_admin)
    }

    /// As whom assignments on all accounts together are read: by AWS's documentation, only the management
    /// account may ask for them.
    fn client_for_all(&self) -> &Client {
        self.management.as_ref().map_or(&self.client, |management| &management.sso_admin)
    }
}
