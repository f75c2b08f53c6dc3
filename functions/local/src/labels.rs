//! The names of things, by the read model.

use kari_domain::directory::Snapshot;
use kari_domain::ids::{AccountId, PermissionSetArn, UserId};
use serde::Serialize;
use utoipa::ToSchema;

/// A person, by the name they have now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Person {
    /// The identity-store user id.
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) user_name: String,
}

/// An account, by the name it has now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AccountLabel {
    #[schema(example = "111122223333")]
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A permission set, by the name it has now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PermissionSetLabel {
    pub(crate) arn: String,
    pub(crate) name: String,
}

/// Looks names up; what the read model does not know is called by its id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Labels<'a>(pub(crate) &'a Snapshot);

impl Labels<'_> {
    /// A person; `known_as` is the name to use for one who is gone.
    pub(crate) fn person(self, id: &UserId, known_as: &str) -> Person {
        let user = self.0.users.get(id);
        Person {
            id: id.to_string(),
            display_name: user.map_or(known_as, |user| &user.display_name).to_owned(),
            user_name: user.map_or(id.as_str(), |user| &user.user_name).to_owned(),
        }
    }

    pub(crate) fn account(self, id: &AccountId) -> AccountLabel {
        let account = self.0.accounts.get(id);
        AccountLabel { id: id.to_string(), name: account.map_or(id.as_str(), |a| &a.name).to_owned() }
    }

    pub(crate) fn permission_set(self, arn: &PermissionSetArn) -> PermissionSetLabel {
        let set = self.0.permission_sets.get(arn);
        PermissionSetLabel { arn: arn.to_string(), name: set.map_or(arn.as_str(), |s| &s.name).to_owned() }
    }
}
