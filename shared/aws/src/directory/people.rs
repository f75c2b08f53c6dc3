//! Users and groups, from the identity store.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_identitystore::error::SdkError;
use aws_sdk_identitystore::operation::describe_user::DescribeUserError;
use aws_sdk_identitystore::operation::get_user_id::GetUserIdError;
use aws_sdk_identitystore::operation::list_group_memberships::{
    ListGroupMembershipsError, ListGroupMembershipsOutput,
};
use aws_sdk_identitystore::operation::list_group_memberships_for_member::ListGroupMembershipsForMemberError;
use aws_sdk_identitystore::operation::list_groups::ListGroupsOutput;
use aws_sdk_identitystore::operation::list_users::ListUsersOutput;
use aws_sdk_identitystore::types::error::ResourceNotFoundException;
use aws_sdk_identitystore::types::{
    AlternateIdentifier, Email, GroupMembership, MemberId, ResourceType, UniqueAttribute, UserStatus,
};
use aws_smithy_types::Document;
use futures::stream::{FuturesUnordered, StreamExt};
use kari_application::ports::Unavailable;
use kari_domain::directory::{Group, User};
use kari_domain::ids::{GroupId, UserId};

use super::paced::{Api, Reading};
use super::{AwsDirectory, Listing, present, unavailable};

/// Of so many groups members are asked for at once: one after the other, answers would take longer than the pace of
/// calls allows.
const GROUPS_AT_ONCE: usize = 4;

/// What users are called, as the identity store tells it of one and of many.
struct Described<'a> {
    id: &'a str,
    user_name: Option<&'a str>,
    display_name: Option<&'a str>,
    emails: &'a [Email],
    status: Option<&'a UserStatus>,
}

impl Described<'_> {
    fn user(&self) -> Result<User, Unavailable> {
        let user_name = present(self.user_name, "user name")?.to_owned();
        let primary = self.emails.iter().find(|email| email.primary()).or(self.emails.first());
        Ok(User {
            id: self.id.parse().map_err(unavailable)?,
            display_name: self.display_name.unwrap_or(&user_name).to_owned(),
            user_name,
            email: primary.and_then(|email| email.value()).map(str::to_owned),
            // NB. Whoever is not said to be enabled is not.
            enabled: self.status == Some(&UserStatus::Enabled),
        })
    }
}

/// NB. The same code is the answer where the identity store itself is not found, or the key that it is encrypted
/// with: whoever is asked for in the wrong place is not gone.
fn is_the(sought: &ResourceType, missing: &ResourceNotFoundException) -> bool {
    missing.reason().is_none() && missing.resource_type() == Some(sought)
}

fn is_the_user(missing: &ResourceNotFoundException) -> bool {
    is_the(&ResourceType::User, missing)
}

/// Whether it is the group itself that is not found.
fn has_no_group(error: &SdkError<ListGroupMembershipsError>) -> bool {
    matches!(
        error.as_service_error(),
        Some(ListGroupMembershipsError::ResourceNotFoundException(missing))
            if is_the(&ResourceType::Group, missing)
    )
}

impl AwsDirectory {
    pub(super) async fn describe_user(&self, id: &UserId) -> Result<Option<User>, Unavailable> {
        let describe = self.identity_store.describe_user().identity_store_id(self.of.identity_store.as_str());
        match describe.user_id(id.as_str()).send().await {
            Ok(found) => {
                let described = Described {
                    id: found.user_id(),
                    user_name: found.user_name(),
                    display_name: found.display_name(),
                    emails: found.emails(),
                    status: found.user_status(),
                };
                described.user().map(Some)
            }
            Err(error) => match error.as_service_error() {
                Some(DescribeUserError::ResourceNotFoundException(missing)) if is_the_user(missing) => {
                    Ok(None)
                }
                _ => Err(unavailable(error)),
            },
        }
    }

    /// `GetUserId` by the user name, which the identity store gives to nobody twice.
    pub(super) async fn find_user(&self, user_name: &str) -> Result<Option<UserId>, Unavailable> {
        let attribute = UniqueAttribute::builder()
            .attribute_path("userName")
            .attribute_value(Document::String(user_name.to_owned()))
            .build()
            .map_err(unavailable)?;
        let get = self.identity_store.get_user_id().identity_store_id(self.of.identity_store.as_str());
        match get.alternate_identifier(AlternateIdentifier::UniqueAttribute(attribute)).send().await {
            Ok(found) => found.user_id().parse().map(Some).map_err(unavailable),
            Err(error) => match error.as_service_error() {
                Some(GetUserIdError::ResourceNotFoundException(missing)) if is_the_user(missing) => Ok(None),
                _ => Err(unavailable(error)),
            },
        }
    }

    pub(super) async fn groups_of(&self, id: &UserId) -> Result<BTreeSet<GroupId>, Unavailable> {
        let list = self.identity_store.list_group_memberships_for_member();
        let list = list.identity_store_id(self.of.identity_store.as_str());
        let list = list.member_id(MemberId::UserId(id.as_str().to_owned()));
        let mut pages = list.into_paginator().send();
        let mut groups = BTreeSet::new();
        while let Some(page) = pages.next().await {
            let page = match page {
                Ok(page) => page,
                Err(error) => match error.as_service_error() {
                    Some(ListGroupMembershipsForMemberError::ResourceNotFoundException(missing))
                        if is_the_user(missing) =>
                    {
                        return Ok(BTreeSet::new());
                    }
                    _ => return Err(unavailable(error)),
                },
            };
            for membership in page.group_memberships() {
                let group = present(membership.group_id(), "group id")?;
                groups.insert(group.parse().map_err(unavailable)?);
            }
        }
        Ok(groups)
    }

    pub(super) async fn list_users(&self, reading: &Reading) -> Result<BTreeMap<UserId, User>, Unavailable> {
        let list = self.identity_store.list_users().identity_store_id(self.of.identity_store.as_str());
        let page = |token| list.clone().set_next_token(token).send();
        let parts = |page: ListUsersOutput| (page.users, page.next_token);
        let found = reading.list(Api::IdentityStore, page, parts).await?;
        let (mut users, mut listing) = (BTreeMap::new(), Listing::of("user"));
        for user in found {
            let described = Described {
                id: user.user_id(),
                user_name: user.user_name(),
                display_name: user.display_name(),
                emails: user.emails(),
                status: user.user_status(),
            };
            if let Some(user) = listing.one(described.id, described.user()) {
                users.insert(user.id.clone(), user);
            }
        }
        listing.end()?;
        Ok(users)
    }

    pub(super) async fn list_groups(
        &self,
        reading: &Reading,
    ) -> Result<BTreeMap<GroupId, Group>, Unavailable> {
        let list = self.identity_store.list_groups().identity_store_id(self.of.identity_store.as_str());
        let page = |token| list.clone().set_next_token(token).send();
        let parts = |page: ListGroupsOutput| (page.groups, page.next_token);
        let found = reading.list(Api::IdentityStore, page, parts).await?;
        let (mut groups, mut listing) = (BTreeMap::new(), Listing::of("group"));
        for group in found {
            let id = group.group_id().parse::<GroupId>().map_err(unavailable);
            let Some(id) = listing.one(group.group_id(), id) else { continue };
            let display_name = group.display_name().unwrap_or(id.as_str()).to_owned();
            groups.insert(id.clone(), Group { id, display_name });
        }
        listing.end()?;
        Ok(groups)
    }

    /// The members of each of these groups; without those groups that were deleted meanwhile.
    pub(super) async fn list_members(
        &self,
        reading: &Reading,
        mut groups: impl Iterator<Item = &GroupId>,
    ) -> Result<BTreeMap<GroupId, BTreeSet<UserId>>, Unavailable> {
        let (mut members, mut listing) = (BTreeMap::new(), Listing::of("member"));
        let mut asked = FuturesUnordered::new();
        loop {
            while asked.len() < GROUPS_AT_ONCE
                && let Some(group) = groups.next()
            {
                asked.push(self.memberships_in(reading, group));
            }
            let Some(told) = asked.next().await else { break };
            let (group, memberships) = told?;
            if let Some(memberships) = memberships {
                members.insert(group.clone(), users_in(memberships, &mut listing));
            }
        }
        listing.end()?;
        Ok(members)
    }

    /// The group, and what is told of it; `None` where it is gone.
    async fn memberships_in<'a>(
        &self,
        reading: &Reading,
        group: &'a GroupId,
    ) -> Result<(&'a GroupId, Option<Vec<GroupMembership>>), Unavailable> {
        let list =
            self.identity_store.list_group_memberships().identity_store_id(self.of.identity_store.as_str());
        let list = list.group_id(group.as_str());
        let page = |token| list.clone().set_next_token(token).send();
        let parts = |page: ListGroupMembershipsOutput| (page.group_memberships, page.next_token);
        Ok((group, reading.list_unless_gone(Api::IdentityStore, page, parts, has_no_group).await?))
    }
}

fn users_in(memberships: Vec<GroupMembership>, listing: &mut Listing) -> BTreeSet<UserId> {
    let mut members = BTreeSet::new();
    for membership in memberships {
        let member = match present(membership.member_id, "member id") {
            Ok(MemberId::UserId(user)) => user.parse::<UserId>().map_err(unavailable),
            // What is no user is nobody who could ask or approve.
            Ok(_) => continue,
            Err(error) => Err(error),
        };
        members.extend(listing.one(&membership.membership_id.unwrap_or_default(), member));
    }
    members
}

#[cfg(test)]
mod tests {
    use aws_sdk_identitystore::types::ResourceNotFoundExceptionReason;

    use super::*;

    #[test]
    fn only_who_is_asked_for_is_gone_and_not_the_store_or_its_key() {
        let missing =
            |what: Option<ResourceType>| ResourceNotFoundException::builder().set_resource_type(what);
        assert!(is_the(&ResourceType::Group, &missing(Some(ResourceType::Group)).build()));
        for what in [None, Some(ResourceType::User), Some(ResourceType::IdentityStore)] {
            assert!(!is_the(&ResourceType::Group, &missing(what).build()));
        }
        let key = ResourceNotFoundExceptionReason::KmsKeyNotFound;
        assert!(!is_the(&ResourceType::Group, &missing(Some(ResourceType::Group)).reason(key).build()));
    }

    fn described<'a>(id: &'a str, user_name: Option<&'a str>) -> Described<'a> {
        Described { id, user_name, display_name: None, emails: &[], status: None }
    }

    #[test]
    fn whoever_has_no_user_name_or_no_id_is_not_understood_and_left_out() {
        let mut listing = Listing::of("user");
        let ann = listing.one("u-1", described("u-1", Some("ann")).user()).unwrap();
        assert_eq!((ann.user_name.as_str(), ann.display_name.as_str(), ann.enabled), ("ann", "ann", false));
        for (id, user_name) in [("u-2", None), ("", Some("ben"))] {
            let user = described(id, user_name).user();
            assert!(user.is_err(), "{id}: whoever asks for this one alone is not told that it is gone");
            assert_eq!(listing.one(id, user), None);
        }
    }
}
