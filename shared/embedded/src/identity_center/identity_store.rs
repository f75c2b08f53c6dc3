//! The operations of `identitystore`.

use std::collections::BTreeSet;

use kari_domain::directory::{Group, User};
use kari_domain::ids::{GroupId, UserId};
use kari_domain::time::Instant;

use super::{Action, ApiError, Principal, World};

/// An attribute that finds one user, with its value. Case is not told apart, as SCIM has it for both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UniqueAttribute {
    UserName(String),
    Email(String),
}

impl UniqueAttribute {
    /// Whether it is this user's.
    pub fn is_of(&self, user: &User) -> bool {
        match self {
            Self::UserName(name) => is_same(name, &user.user_name),
            Self::Email(address) => user.email.as_ref().is_some_and(|email| is_same(address, email)),
        }
    }

    fn value(&self) -> &str {
        match self {
            Self::UserName(value) | Self::Email(value) => value,
        }
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The only element. NB. Of two who match, neither is meant.
fn only<T>(mut matching: impl Iterator<Item = T>) -> Option<T> {
    matching.next().filter(|_| matching.next().is_none())
}

impl World {
    /// `DescribeUser`, disabled ones too.
    pub fn describe_user(&mut self, now: Instant, id: &UserId) -> Result<User, ApiError> {
        let arguments = |world: &Self| world.user_label(id);
        self.call(now, Action::DescribeUser, arguments, |world, _| {
            world.census.users.get(id).cloned().ok_or_else(|| ApiError::unknown("user", id))
        })
    }

    /// `ListUsers`.
    pub fn list_users(&mut self, now: Instant) -> Result<Vec<User>, ApiError> {
        self.call(
            now,
            Action::ListUsers,
            |_| String::new(),
            |world, _| Ok(world.census.users.values().cloned().collect()),
        )
    }

    /// `GetUserId`.
    pub fn get_user_id(&mut self, now: Instant, attribute: &UniqueAttribute) -> Result<UserId, ApiError> {
        let value = attribute.value();
        self.call(
            now,
            Action::GetUserId,
            |_| value.to_owned(),
            |world, _| {
                let found = only(world.census.users.values().filter(|user| attribute.is_of(user)));
                found.map(|user| user.id.clone()).ok_or_else(|| ApiError::unknown("user", value))
            },
        )
    }

    /// `DescribeGroup`.
    pub fn describe_group(&mut self, now: Instant, id: &GroupId) -> Result<Group, ApiError> {
        let arguments = |world: &Self| world.group_label(id);
        self.call(now, Action::DescribeGroup, arguments, |world, _| {
            world.census.groups.get(id).cloned().ok_or_else(|| ApiError::unknown("group", id))
        })
    }

    /// `GetGroupId`, by the display name. Case is not told apart.
    pub fn get_group_id(&mut self, now: Instant, display_name: &str) -> Result<GroupId, ApiError> {
        self.call(
            now,
            Action::GetGroupId,
            |_| display_name.to_owned(),
            |world, _| {
                let groups = world.census.groups.values();
                let found = only(groups.filter(|group| is_same(display_name, &group.display_name)));
                found.map(|group| group.id.clone()).ok_or_else(|| ApiError::unknown("group", display_name))
            },
        )
    }

    /// `ListGroups`.
    pub fn list_groups(&mut self, now: Instant) -> Result<Vec<Group>, ApiError> {
        self.call(
            now,
            Action::ListGroups,
            |_| String::new(),
            |world, _| Ok(world.census.groups.values().cloned().collect()),
        )
    }

    /// `ListGroupMemberships`: the members of a group.
    pub fn list_group_memberships(
        &mut self,
        now: Instant,
        id: &GroupId,
    ) -> Result<BTreeSet<UserId>, ApiError> {
        let arguments = |world: &Self| world.group_label(id);
        self.call(now, Action::ListGroupMemberships, arguments, |world, _| {
            if !world.census.groups.contains_key(id) {
                return Err(ApiError::unknown("group", id));
            }
            Ok(world.census.members.get(id).cloned().unwrap_or_default())
        })
    }

    /// `ListGroupMembershipsForMember`: the groups of a user.
    pub fn list_group_memberships_for_member(
        &mut self,
        now: Instant,
        id: &UserId,
    ) -> Result<BTreeSet<GroupId>, ApiError> {
        let arguments = |world: &Self| world.user_label(id);
        self.call(now, Action::ListGroupMembershipsForMember, arguments, |world, _| {
            if !world.census.users.contains_key(id) {
                return Err(ApiError::unknown("user", id));
            }
            let groups = world.census.members.iter().filter(|(_, members)| members.contains(id));
            Ok(groups.map(|(group, _)| group.clone()).collect())
        })
    }

    /// `IsMemberInGroups`: for each group, whether the user is in it. That nobody is in a group that
    /// does not exist is our reading; AWS does not say.
    pub fn is_member_in_groups(
        &mut self,
        now: Instant,
        id: &UserId,
        groups: &[GroupId],
    ) -> Result<Vec<bool>, ApiError> {
        let arguments = |world: &Self| format!("{} · {} groups", world.user_label(id), groups.len());
        self.call(now, Action::IsMemberInGroups, arguments, |world, _| {
            if !world.census.users.contains_key(id) {
                return Err(ApiError::unknown("user", id));
            }
            let members = |group| world.census.members.get(group);
            Ok(groups.iter().map(|group| members(group).is_some_and(|users| users.contains(id))).collect())
        })
    }

    fn group_label(&self, id: &GroupId) -> String {
        self.census.label(&Principal::Group(id.clone()))
    }

    fn user_label(&self, id: &UserId) -> String {
        self.census.label(&Principal::User(id.clone()))
    }
}
