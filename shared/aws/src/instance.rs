//! Which Identity Center, which identity store behind it, and as whom it is called.

use std::fmt;
use std::str::FromStr;

use kari_domain::ids::{AccountId, PermissionSetArn};

/// The ARN of an instance of Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceArn(String);

/// The id of an identity store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityStoreId(String);

/// The ARN of a role that is taken on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleArn {
    arn: String,
    account: AccountId,
}

/// A text that is not what it was meant to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no {kind}: expected {expected}")]
pub struct Malformed {
    kind: &'static str,
    expected: &'static str,
    text: String,
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

impl FromStr for InstanceArn {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let expected = "arn:<partition>:sso:::instance/ssoins-…";
        let rest = text.strip_prefix("arn:").and_then(|rest| rest.split_once(":sso:::instance/ssoins-"));
        match rest {
            Some((partition, id)) if is_token(partition) && is_token(id) => Ok(Self(text.to_owned())),
            Some(_) | None => {
                Err(Malformed { kind: "Identity Center instance ARN", expected, text: text.to_owned() })
            }
        }
    }
}

impl FromStr for IdentityStoreId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text.len() <= 64 && is_token(text) {
            return Ok(Self(text.to_owned()));
        }
        Err(Malformed { kind: "identity store id", expected: "d-…", text: text.to_owned() })
    }
}

impl FromStr for RoleArn {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let expected = "arn:<partition>:iam::<account>:role/…";
        let malformed = || Malformed { kind: "role ARN", expected, text: text.to_owned() };
        let rest = text.strip_prefix("arn:").and_then(|rest| rest.split_once(":iam::"));
        let (partition, rest) = rest.ok_or_else(malformed)?;
        let (account, role) = rest.split_once(":role/").ok_or_else(malformed)?;
        if !is_token(partition) || role.is_empty() {
            return Err(malformed());
        }
        let account = account.parse().map_err(|_| malformed())?;
        Ok(Self { arn: text.to_owned(), account })
    }
}

impl RoleArn {
    pub fn as_str(&self) -> &str {
        &self.arn
    }

    /// The account that the role is in.
    pub fn account(&self) -> &AccountId {
        &self.account
    }
}

impl InstanceArn {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this permission set is one of this instance.
    pub fn has(&self, set: &PermissionSetArn) -> bool {
        set.instance() == self.0.rsplit('/').next()
    }
}

impl IdentityStoreId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InstanceArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_are_named_by_their_arn_in_any_partition() {
        for good in ["arn:aws:sso:::instance/ssoins-7223a1b2", "arn:aws-cn:sso:::instance/ssoins-1"] {
            assert!(good.parse::<InstanceArn>().is_ok(), "{good}");
        }
        for bad in ["", "ssoins-1", "arn::sso:::instance/ssoins-1", "arn:aws:sso:::instance/ssoins-1/x"] {
            assert!(bad.parse::<InstanceArn>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_permission_set_belongs_to_the_instance_that_its_arn_names() {
        let instance: InstanceArn = "arn:aws:sso:::instance/ssoins-7223a1b2".parse().unwrap();
        let has = |arn: &str| instance.has(&arn.parse().unwrap());
        assert!(has("arn:aws:sso:::permissionSet/ssoins-7223a1b2/ps-1"));
        assert!(!has("arn:aws:sso:::permissionSet/ssoins-7223a1b3/ps-1"));
    }

    #[test]
    fn a_role_is_in_the_account_that_its_arn_names() {
        let role: RoleArn = "arn:aws-cn:iam::111122223333:role/kari/management".parse().unwrap();
        assert_eq!((role.account().as_str(), role.as_str().len()), ("111122223333", 49));
        for bad in
            ["", "arn:aws:iam::1:role/x", "arn:aws:iam::111122223333:role/", "arn::iam::111122223333:role/x"]
        {
            assert!(bad.parse::<RoleArn>().is_err(), "{bad}");
        }
    }
}
