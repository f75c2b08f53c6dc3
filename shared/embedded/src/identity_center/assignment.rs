//! The identity of an account assignment as Identity Center sees it: groups can hold one, too.

use std::fmt;

use kari_domain::ids::{AccountId, GroupId, PermissionSetArn, Target, Tuple, UserId};
use serde::{Deserialize, Serialize};

/// Who holds an assignment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Principal {
    User(UserId),
    Group(GroupId),
}

/// A stored principal that is neither a user nor a group.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected `USER/<id>` or `GROUP/<id>`")]
pub struct MalformedPrincipal;

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "USER/{id}"),
            Self::Group(id) => write!(f, "GROUP/{id}"),
        }
    }
}

impl From<Principal> for String {
    fn from(principal: Principal) -> Self {
        principal.to_string()
    }
}

impl TryFrom<String> for Principal {
    type Error = MalformedPrincipal;

    fn try_from(text: String) -> Result<Self, MalformedPrincipal> {
        match text.split_once('/') {
            Some(("USER", id)) => UserId::parse(id).map(Self::User).map_err(|_| MalformedPrincipal),
            Some(("GROUP", id)) => GroupId::parse(id).map(Self::Group).map_err(|_| MalformedPrincipal),
            Some(_) | None => Err(MalformedPrincipal),
        }
    }
}

/// The tuple that *is* an account assignment; the instance is part of the permission set's ARN.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Assignment {
    pub account: AccountId,
    pub permission_set: PermissionSetArn,
    pub principal: Principal,
}

impl Assignment {
    /// The same in the domain's terms; `None` if a group holds it, for Kari never makes those.
    pub fn tuple(&self) -> Option<Tuple> {
        match &self.principal {
            Principal::User(user) => Some(Tuple {
                principal: user.clone(),
                target: Target { account: self.account.clone(), permission_set: self.permission_set.clone() },
            }),
            Principal::Group(_) => None,
        }
    }
}

impl From<&Tuple> for Assignment {
    fn from(tuple: &Tuple) -> Self {
        Self {
            account: tuple.target.account.clone(),
            permission_set: tuple.target.permission_set.clone(),
            principal: Principal::User(tuple.principal.clone()),
        }
    }
}

impl From<Tuple> for Assignment {
    fn from(tuple: Tuple) -> Self {
        Self::from(&tuple)
    }
}
