//! What the read model knows of the organization, for those who write policies.

mod accounts;
mod groups;
mod part;
mod permission_sets;
mod units;
mod users;

pub(crate) use accounts::*;
pub(crate) use groups::*;
pub(crate) use permission_sets::*;
pub(crate) use units::*;
pub(crate) use users::*;
