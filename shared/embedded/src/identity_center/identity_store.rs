//! The operations of `identitystore`.

use std::collections::BTreeSet;

use kari_domain::directory::{Group, User};
use kari_domain::ids::{GroupId, UserId};
use kari_domain::time::Instant;

use super::{Action, ApiError, Principal, World};

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
        let arguments = |world: &Self| world.census.label(&Principal::Group(id.clone()));
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

    fn user_label(&self, id: &UserId) -> String {
        self.census.label(&Principal::User(id.clone()))
    }
}
