//! What the instance of Identity Center, its identity store and the organization around them are called.

use kari_domain::directory::Snapshot;
use kari_domain::ids::PermissionSetArn;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The ids under which AWS's APIs know a simulated Identity Center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    pub instance_arn: String,
    pub identity_store_id: String,
    pub organization_id: String,
}

impl Default for Instance {
    fn default() -> Self {
        Self::named("arn:aws:sso::", "ssoins-0000000000000000")
    }
}

impl Instance {
    /// The instance that the permission sets belong to; the other ids are derived from its id.
    pub(super) fn of(organization: &Snapshot) -> Self {
        let named = organization.permission_sets.keys().next().and_then(parts);
        named.map(|(head, id)| Self::named(head, id)).unwrap_or_default()
    }

    fn named(head: &str, id: &str) -> Self {
        let digest = hex::encode(Sha256::digest(id));
        let (ten, _) = digest.split_at(10);
        Self {
            instance_arn: format!("{head}:instance/{id}"),
            identity_store_id: format!("d-{ten}"),
            organization_id: format!("o-{ten}"),
        }
    }
}

/// What stands before the resource in the ARN, and the id of the instance.
fn parts(arn: &PermissionSetArn) -> Option<(&str, &str)> {
    let (head, resource) = arn.as_str().split_once(":permissionSet/")?;
    Some((head, resource.split_once('/')?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_instance_is_the_one_in_the_arns_of_its_permission_sets() {
        let arn = PermissionSetArn::parse("arn:aws-cn:sso:::permissionSet/ssoins-1/ps-2").unwrap();
        assert_eq!(parts(&arn), Some(("arn:aws-cn:sso::", "ssoins-1")));
        let instance = Instance::named("arn:aws-cn:sso::", "ssoins-1");
        assert_eq!(instance.instance_arn, "arn:aws-cn:sso:::instance/ssoins-1");
        assert_eq!(instance.identity_store_id.len(), 12);
        assert_ne!(instance.identity_store_id, Instance::default().identity_store_id);
    }
}
