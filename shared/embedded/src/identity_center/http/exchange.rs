//! One call as a handler sees it: its members, and the world to ask.

use kari_domain::time::Instant;
use serde_json::Value;

use super::Front;
use super::failure::Failure;
use super::members::Members;
use crate::identity_center::{Action, ApiError, Instance, MemberAccount, World};

/// The members of an answer, or why there are none.
pub(super) type Answer = Result<Value, Failure>;

#[derive(Debug)]
pub(super) struct Exchange<'a> {
    pub(super) front: &'a Front,
    pub(super) action: Action,
    pub(super) members: Members,
    /// Whether it is signed with credentials of the role in the management account.
    pub(super) from_management: bool,
}

impl Exchange<'_> {
    /// A call of the world.
    pub(super) fn ask<T>(
        &self,
        act: impl FnOnce(&mut World, Instant) -> Result<T, ApiError>,
    ) -> Result<T, Failure> {
        let answer = self.look(|world, now| {
            let answer = act(world, now);
            // There are never more than just behind the call that began the last one.
            self.front.traffic.operations(world.operations_under_way());
            answer
        })?;
        answer.map_err(Failure::Api)
    }

    /// What this Identity Center is called.
    pub(super) fn instance(&self) -> Result<Instance, Failure> {
        self.look(|world, _| world.instance().clone())
    }

    /// The id of the management account, as it stands in ARNs.
    pub(super) fn management(&self) -> Result<String, Failure> {
        self.look(|world, _| world.management_account())
    }

    /// Where an account lies: `r-…/ou-…`.
    pub(super) fn units_above(&self, account: &MemberAccount) -> Result<String, Failure> {
        self.look(|world, _| {
            let units = world.census.path(account);
            units.iter().map(ToString::to_string).collect::<Vec<_>>().join("/")
        })
    }

    fn look<T>(&self, act: impl FnOnce(&mut World, Instant) -> T) -> Result<T, Failure> {
        let looked = self.front.center.with(|world, now| {
            if self.from_management {
                world.called_from_management(|world| act(world, now))
            } else {
                act(world, now)
            }
        });
        looked.map_err(|_| Failure::Api(ApiError::InternalServer))
    }
}
